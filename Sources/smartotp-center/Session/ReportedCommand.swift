import ArgumentParser
import CenterStore
import Cryptography
import Glibc
import SmartOTP

/// A command whose failures become one line and an exit status.
protocol ReportedCommand: AsyncParsableCommand {
  func perform() async throws
}

extension ReportedCommand {
  func run() async throws {
    do {
      try await perform()
    } catch {
      guard let failure = CommandFailure(error) else { throw error }
      let line = Array("smartotp-center: \(failure)\n".utf8)
      _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
      throw ExitCode(failure.status.rawValue)
    }
  }
}

extension CommandFailure {
  /// Nil for what ArgumentParser reports itself.
  init?(_ error: any Error) {
    switch error {
    case let failure as CommandFailure: self = failure
    case let error as StoreError: self.init(.configuration, error.description)
    case let error as KeyRingError: self.init(.configuration, error.description)
    case let refusal as Refusal:
      self.init(
        refusal.code == .unavailable
          ? .temporary
          : refusal.code == .internalError
            ? .internal : .badData, refusal.detail)
    case let error as CryptographyError: self.init(.badData, error.description)
    case is ExitCode, is ValidationError, is CleanExit: return nil
    default: self.init(.internal, "\(error)")
    }
  }
}

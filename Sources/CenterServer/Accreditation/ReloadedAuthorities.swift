import Center
import Logging
import ServiceLifecycle
import SmartOTP
import Synchronization

/// The accredited authorities as they were last read: revocation lists are replaced every day, and a
/// server runs for longer.
final class ReloadedAuthorities: SignedRequestReader, Service {
  private static let interval = Duration.seconds(60)

  private let current: Mutex<AccreditedAuthorities>
  private let load: @Sendable () throws -> AccreditedAuthorities
  private let logger: Logger

  /// - Throws: what `load` throws the first time; later, what was read before stays.
  init(_ load: @escaping @Sendable () throws -> AccreditedAuthorities, logger: Logger) throws {
    current = Mutex(try load())
    self.load = load
    self.logger = logger
  }

  func read(
    _ message: SignedRegistrationRequest, at now: UnixTime
  ) throws(Refusal) -> (OnlineRegistrationRequest, Signer) {
    try current.withLock { $0 }.read(message, at: now)
  }

  func run() async throws {
    try? await cancelWhenGracefulShutdown {
      while true {
        try await Task.sleep(for: Self.interval)
        self.reload()
      }
    }
  }

  func reload() {
    do {
      let authorities = try load()
      current.withLock { $0 = authorities }
    } catch {
      logger.error("the accredited authorities were not read", metadata: ["reason": "\(error)"])
    }
  }
}

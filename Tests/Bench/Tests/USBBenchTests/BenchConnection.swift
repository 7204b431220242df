import OTPCard
import Reader
import ReaderUSB
import SmartCard
import Synchronization
import Testing
import USBBench

/// A connection to a reader on a bench's bus, as a program makes it, and what it says about itself.
struct BenchConnection {
  /// RFC 4226's first code, which is TOTP's at time 0.
  static let code = "755224"

  static func card() throws -> SimulatedCard {
    try .with("totp=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
  }

  let reader: LibNFCReader
  /// What the connection says.
  let notices: AsyncStream<ReaderNotice>

  /// - Parameters:
  ///   - name: `usb:1-1`, or libnfc's name.
  ///   - isAnyReader: whether no particular reader is meant.
  ///   - recovery: replaces what the table says about the reader.
  init(
    to name: String, on bench: USBBench, isAnyReader: Bool = false, recovery: RecoveryPolicy? = nil
  ) throws {
    guard case .process(let path, _) = DriverProgram.installed else {
      throw ReaderError.driverMissing("")
    }
    let locator = ReaderLocator(
      name: name, isAnyReader: isAnyReader, bus: USBBus(files: FileTree(root: bench.root)))
    let (notices, continuation) = AsyncStream.makeStream(of: ReaderNotice.self)
    self.notices = notices
    reader = LibNFCReader(
      connstring: name, program: .process(path: path, environment: bench.environment),
      noticed: { continuation.yield($0) },
      locate: { () throws(ReaderError) in
        var located = try locator.locate()
        if let recovery { located.recovery = recovery }
        return located
      })
  }

  /// One code as `smartotp code` asks for it.
  static func tap(_ reader: LibNFCReader) async throws -> String {
    let deadline = ContinuousClock.now + .seconds(10)
    let card = try await reader.awaitCard(deadline: deadline)
    let code = try await OTPCard.OATHCard(card).code(matching: nil, at: 0, deadline: deadline)
    card.release()
    return code.code.digitsText
  }

  func tap() async throws -> String { try await Self.tap(reader) }

  /// Waits until the connection says that its reader is lost, and why.
  func loss() async -> ReaderError? {
    for await notice in notices { if case .lost(let error) = notice { return error } }
    return nil
  }

  /// Waits until the connection says that its reader is back.
  func isBack() async {
    for await notice in notices where notice == .back { return }
  }
}

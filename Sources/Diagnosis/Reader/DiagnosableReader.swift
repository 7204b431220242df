import Reader

/// A reader that takes raw chip commands: what the checks of chip, field and timing need.
public protocol DiagnosableReader: Sendable {
  /// What opening found out; nil while it is not open.
  var information: ReaderInformation? { get }

  func open(deadline: ContinuousClock.Instant) async throws(ReaderError)

  /// One command from its code on, and the chip's answer after its own code.
  func chipCommand(
    _ bytes: [UInt8], deadline: ContinuousClock.Instant
  ) async throws(ReaderError) -> [UInt8]

  func close() async
}

extension LibNFCReader: DiagnosableReader {}

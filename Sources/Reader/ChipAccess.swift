import ReaderWire

extension LibNFCReader {
  /// One raw chip command and the chip's answer after its code, a status byte included; for
  /// diagnosis. Opens the reader when it is not open. No card is selected afterwards.
  ///
  /// - Parameter bytes: the command from its code on (UM0701-02, chapter 7).
  public func chipCommand(
    _ bytes: [UInt8], deadline: ContinuousClock.Instant
  ) async throws(ReaderError) -> [UInt8] {
    try await alone { () async throws(ReaderError) -> [UInt8] in
      let link = try await openLink(deadline: deadline)
      let reply = await link.request(
        .chipCommand(bytes), deadline: MonotonicClock.time(of: deadline))
      guard case .bytes(let answer) = try outcome(of: reply) else {
        throw .fault(.driverNonsense)
      }
      return answer
    }
  }
}

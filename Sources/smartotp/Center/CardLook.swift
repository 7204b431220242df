import Reader
import SmartCard

/// Looks whether a card lies on the reader, and keeps apart what the chip says of the card and what
/// went wrong with asking.
struct CardLook {
  let card: any ActivatedCard
  let reader: LibNFCReader
  let deadline: ContinuousClock.Instant

  private static let answerTime = Duration.milliseconds(500)
  /// A chip that works answers in a tenth of this.
  private static let chipTime = Duration.seconds(1)

  /// Asks the card; when it does not answer, asks the chip what is there.
  func look() async -> CardAbsence.Look {
    guard await !answers() else { return .card }
    do throws(ReaderError) {
      guard try await chipFindsCard() else { return .nothing }
      try? await card.reactivate(deadline: .now + Self.chipTime)
      return .card
    } catch {
      return .unknown
    }
  }

  private func answers() async -> Bool {
    guard let select = try? CommandAPDU(parsing: Self.select) else { return false }
    return (try? await card.transmit(select, deadline: .now + Self.answerTime)) != nil
  }

  /// SELECT of the OATH application: changes nothing, and every card answers something.
  private static let select: [UInt8] = [
    0x00, 0xA4, 0x04, 0x00, 0x07, 0xA0, 0x00, 0x00, 0x05, 0x27, 0x21, 0x01,
  ]

  /// Whether any card answers once the field was off: one that was active would ignore a request
  /// (ISO/IEC 14443-3, 6.2).
  ///
  /// - Throws: whatever kept the chip from saying so.
  private func chipFindsCard() async throws(ReaderError) -> Bool {
    try await reader.open(deadline: deadline)
    for command in [Self.fieldOff, Self.fieldOn] {
      _ = try await chip(command)
      try? await Task.sleep(for: .milliseconds(6))
    }
    if try await finds(Self.listTypeA) { return true }
    guard reader.information?.supportsTypeB == true else { return false }
    return try await finds(Self.listTypeB)
  }

  private func finds(_ list: [UInt8]) async throws(ReaderError) -> Bool {
    guard let count = try await chip(list).first else { throw .fault(.driverNonsense) }
    return count > 0
  }

  private func chip(_ command: [UInt8]) async throws(ReaderError) -> [UInt8] {
    try await reader.chipCommand(command, deadline: .now + Self.chipTime)
  }

  // UM0701-02, 7.3.1 and 7.3.5.
  private static let fieldOff: [UInt8] = [0x32, 0x01, 0x00]
  private static let fieldOn: [UInt8] = [0x32, 0x01, 0x01]
  private static let listTypeA: [UInt8] = [0x4A, 0x01, 0x00]
  private static let listTypeB: [UInt8] = [0x4A, 0x01, 0x03, 0x00]
}

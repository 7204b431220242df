/// What comes back from a serial port on which a PN532 was spoken to. libnfc only says that it did
/// not get on with it.
public enum SerialAnswer: Hashable, Sendable {
  /// Not a byte.
  case silence
  /// What was sent, and nothing else.
  case echo
  /// The chip takes commands, and answers none.
  case acknowledged
  /// Frames of a PN53x with something wrong in them.
  case damaged
  /// An answer as it should be.
  case good
  /// Something, but no frame of a PN53x. The beginning of it.
  case foreign([UInt8])
}

extension SerialAnswer {
  /// Wakes the chip, and has it set its security module aside (UM0701-02, 6.3.2.3 and 7.2.10), which
  /// is what libnfc begins with.
  static let greeting: [UInt8] =
    [0x55, 0x55] + [UInt8](repeating: 0, count: 14)
    + [0x00, 0x00, 0xFF, 0x03, 0xFD, 0xD4, 0x14, 0x01, 0x17, 0x00]

  private static let acknowledgement: [UInt8] = [0x00, 0x00, 0xFF, 0x00, 0xFF, 0x00]
  private static let startCode: [UInt8] = [0x00, 0x00, 0xFF]
  private static let shownBytes = 12

  /// Judges all that was received after `greeting`.
  init(to received: [UInt8]) {
    guard !received.isEmpty else {
      self = .silence
      return
    }
    let rest = received[...]
    if Self.greeting.starts(with: received) || received.starts(with: Self.greeting) {
      self = .echo
    } else if let end = Self.place(of: Self.acknowledgement, in: rest).map({ $0 + 6 }) {
      self = Self.answer(in: rest[end...])
    } else if Self.place(of: Self.startCode, in: rest) != nil {
      self = .damaged
    } else {
      self = .foreign(Array(received.prefix(Self.shownBytes)))
    }
  }

  /// What follows an acknowledgement.
  private static func answer(in bytes: ArraySlice<UInt8>) -> SerialAnswer {
    guard let start = place(of: startCode, in: bytes) else {
      return bytes.allSatisfy { $0 == 0 } ? .acknowledged : .damaged
    }
    // LEN, LCS, D5 15, DCS (UM0701-02, 6.2.1.1).
    let frame = Array(bytes[(start + 3)...].prefix(5))
    guard frame.count == 5, frame[0] == 2, frame[0] &+ frame[1] == 0,
      frame[2] == 0xD5, frame[3] == 0x15, frame[2] &+ frame[3] &+ frame[4] == 0
    else { return .damaged }
    return .good
  }

  private static func place(of part: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
    guard bytes.count >= part.count else { return nil }
    return (bytes.startIndex...bytes.endIndex - part.count).first {
      bytes[$0..<$0 + part.count].elementsEqual(part)
    }
  }
}

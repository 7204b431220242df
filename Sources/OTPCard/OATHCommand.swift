import SmartCard

/// The commands as bytes.
///
/// Le is left out where there is command data, as every OATH client does over contact-less: the
/// cards answer without it. Commands without data carry Le 00, for cards that send nothing to a
/// four-byte header.
enum OATHCommand {
  static let aid: [UInt8] = [0xA0, 0x00, 0x00, 0x05, 0x27, 0x21, 0x01]

  static var select: CommandAPDU {
    CommandAPDU(cla: 0x00, ins: 0xA4, p1: 0x04, p2: 0x00, data: aid)
  }

  static var list: CommandAPDU { command(.list, expectedLength: 256) }

  static var sendRemaining: CommandAPDU { command(.sendRemaining, expectedLength: 256) }

  static var reset: CommandAPDU {
    command(.reset, p1: 0xDE, p2: 0xAD, expectedLength: 256)
  }

  /// - Parameter challenge: empty for a HOTP credential, but the tag must be there.
  static func calculate(_ name: OATHName, challenge: [UInt8], truncated: Bool) -> CommandAPDU {
    command(
      .calculate, p2: truncated ? 1 : 0, [TLV(.name, name.bytes), TLV(.challenge, challenge)])
  }

  static func calculateAll(_ challenge: OATHChallenge) -> CommandAPDU {
    command(.calculateAll, p2: 1, [TLV(.challenge, challenge.bytes)])
  }

  static func validate(response: [UInt8], challenge: [UInt8]) -> CommandAPDU {
    command(.validate, [TLV(.fullResponse, response), TLV(.challenge, challenge)])
  }

  /// - Parameter key: the algorithm byte, then the key.
  static func setCode(key: [UInt8], challenge: [UInt8], response: [UInt8]) -> CommandAPDU {
    command(
      .setCode, [TLV(.key, key), TLV(.challenge, challenge), TLV(.fullResponse, response)])
  }

  static var removeCode: CommandAPDU { command(.setCode, [TLV(.key)]) }

  static func delete(_ name: OATHName) -> CommandAPDU {
    command(.delete, [TLV(.name, name.bytes)])
  }

  /// - Parameter key: the algorithm byte, the digits, then the key.
  static func put(
    _ name: OATHName, key: [UInt8], property: UInt8, initialCounter: UInt32
  ) -> CommandAPDU {
    var data = TLVWriter()
    data.append(.name, name.bytes)
    data.append(.key, key)
    // One card reads past the end of a command without this.
    data.append(.property)
    data.append(raw: [property])
    if initialCounter > 0 {
      let bytes = stride(from: 24, through: 0, by: -8).map { UInt8(initialCounter >> $0 & 0xFF) }
      data.append(.initialMovingFactor, bytes)
    }
    return CommandAPDU(
      cla: 0x00, ins: OATHInstruction.put.rawValue, p1: 0, p2: 0, data: data.bytes)
  }

  private static func command(
    _ instruction: OATHInstruction, p1: UInt8 = 0, p2: UInt8 = 0, _ objects: [TLV] = [],
    expectedLength: Int? = nil
  ) -> CommandAPDU {
    CommandAPDU(
      cla: 0x00, ins: instruction.rawValue, p1: p1, p2: p2,
      data: objects.flatMap { $0.encoded() }, expectedLength: expectedLength)
  }
}

/// A block of ISO/IEC 14443-4, 7.1, without its checksum.
enum Block: Equatable {
  /// A part of an APDU.
  case information(number: UInt8, isChained: Bool, [UInt8])
  case acknowledge(number: UInt8)
  case repeatRequest(number: UInt8)
  /// The card asks for so many times its frame waiting time more.
  case waitingTimeExtension(multiplier: UInt8)
  case deselect
  /// A supervisory block of another kind: the exchange of parameters.
  case parameters

  /// Nil for bytes that are no block.
  init?(_ bytes: [UInt8]) {
    guard let control = bytes.first else { return nil }
    let number = control & 0x01
    let hasCID = control & 0x08 != 0
    switch control {
    case let control where control & 0xE2 == 0x02:
      let prologue = 1 + (hasCID ? 1 : 0) + (control & 0x04 != 0 ? 1 : 0)
      guard bytes.count >= prologue else { return nil }
      self = .information(
        number: number, isChained: control & 0x10 != 0, Array(bytes[prologue...]))
    case let control where control & 0xE6 == 0xA2:
      guard bytes.count == (hasCID ? 2 : 1) else { return nil }
      self = control & 0x10 == 0 ? .acknowledge(number: number) : .repeatRequest(number: number)
    case let control where control & 0xC7 == 0xC2:
      let data = bytes.dropFirst(hasCID ? 2 : 1)
      switch control & 0x30 {
      case 0x00: self = .deselect
      case 0x30: self = .waitingTimeExtension(multiplier: (data.first ?? 0) & 0x3F)
      default: self = .parameters
      }
    default:
      return nil
    }
  }
}

/// Answer to request, Type A (ISO/IEC 14443-3, 6.5.2).
public struct ATQA: RawRepresentable, Hashable, Sendable {
  /// Bits b16 to b1. The low byte travels first; a PN53x reports the high byte first.
  public var rawValue: UInt16

  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// The two bytes in the order they are sent on the air.
  public init(firstOnAir low: UInt8, secondOnAir high: UInt8) {
    rawValue = UInt16(high) << 8 | UInt16(low)
  }

  /// The UID's bytes by b8 b7: 4, 7 or 10; nil for the reserved value.
  public var uidLength: Int? {
    switch rawValue >> 6 & 3 {
    case 0: 4
    case 1: 7
    case 2: 10
    default: nil
    }
  }

  /// Whether the card takes part in bit frame anticollision: exactly one of b5 to b1 is set.
  public var supportsBitFrameAnticollision: Bool { (rawValue & 0x1F).nonzeroBitCount == 1 }

  /// b12 to b9, free to the card's maker.
  public var proprietaryCoding: UInt8 { UInt8(truncatingIfNeeded: rawValue >> 8 & 0x0F) }
}

/// Bit rates in one direction, multiples of fc/128 (ISO/IEC 14443-4, 5.2.4).
public struct BitRates: OptionSet, Hashable, Sendable {
  public var rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// fc/128, 106 kbit/s; every card has it.
  public static let kbps106 = BitRates(rawValue: 1)
  public static let kbps212 = BitRates(rawValue: 2)
  public static let kbps424 = BitRates(rawValue: 4)
  public static let kbps848 = BitRates(rawValue: 8)
}

/// The bit rates a card can be switched to: TA(1) of an ATS, or the first protocol info byte of
/// an ATQB, which are coded alike.
public struct BitRateCapability: Hashable, Sendable {
  /// From reader to card.
  public var toCard: BitRates
  /// From card to reader.
  public var fromCard: BitRates
  /// Both directions must use the same rate.
  public var sameBothWays: Bool

  /// 106 kbit/s both ways, what holds when a card says nothing.
  public static let basic = BitRateCapability(coding: 0)

  /// - Parameter coding: the byte as sent. With the reserved bit b4 set it means 106 kbit/s
  ///   only, as the standard tells a reader to take it.
  public init(coding: UInt8) {
    let coding = coding & 0x08 == 0 ? coding : 0
    toCard = BitRates(rawValue: 1 | (coding & 0x07) << 1)
    fromCard = BitRates(rawValue: 1 | (coding >> 4 & 0x07) << 1)
    sameBothWays = coding & 0x80 != 0
  }
}

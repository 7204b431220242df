/// How long a reader must wait after activation before its first frame, SFGT
/// (ISO/IEC 14443-4, 5.2.5): 256 × 16 / fc × 2^SFGI, or nothing.
public struct StartUpFrameGuardTime: Hashable, Sendable {
  /// Periods of the 13.56 MHz carrier; 0 when the card needs no wait.
  public let carrierPeriods: UInt32

  public static let none = StartUpFrameGuardTime(index: 0)

  /// - Parameter index: SFGI. 0 means no wait; 15 is reserved and taken as 0; only the low four
  ///   bits count.
  public init(index: UInt8) {
    let index = index & 0x0F
    carrierPeriods = index == 0 || index == 15 ? 0 : 4096 << UInt32(index)
  }

  /// Rounded up.
  public var microseconds: UInt32 {
    UInt32(truncatingIfNeeded: (UInt64(carrierPeriods) * 25 + 338) / 339)
  }
}

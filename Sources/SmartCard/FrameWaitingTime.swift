/// How long a card may take before it begins to answer, FWT (ISO/IEC 14443-4, 7.2).
///
/// FWT = 256 × 16 / fc × 2^FWI, fc = 13.56 MHz: 302 µs (FWI 0) to 4.949 s (FWI 14). Kept as a
/// count of carrier periods, so nothing is rounded until asked for.
public struct FrameWaitingTime: Hashable, Comparable, Sendable {
  /// Periods of the 13.56 MHz carrier, 4,096...67,108,864.
  public let carrierPeriods: UInt32

  /// FWI when a card says nothing.
  public static let defaultIndex: UInt8 = 4
  /// FWI 4, 4.834 ms: also the time a card has during activation, 65,536 / fc.
  public static let standard = FrameWaitingTime(index: defaultIndex)
  /// FWI 14, 4.949 s.
  public static let maximum = FrameWaitingTime(index: 14)

  /// - Parameter index: FWI. 15 is reserved and taken as 4, as the standard tells a reader;
  ///   only the low four bits count.
  public init(index: UInt8) {
    let index = index & 0x0F
    carrierPeriods = 4096 << UInt32(index == 15 ? Self.defaultIndex : index)
  }

  private init(carrierPeriods: UInt32) { self.carrierPeriods = carrierPeriods }

  /// Rounded up.
  public var nanoseconds: UInt64 { (UInt64(carrierPeriods) * 25_000 + 338) / 339 }

  /// Rounded up.
  public var microseconds: UInt32 {
    UInt32(truncatingIfNeeded: (UInt64(carrierPeriods) * 25 + 338) / 339)
  }

  /// Rounded up.
  public var milliseconds: UInt32 { (microseconds + 999) / 1000 }

  /// The time that holds once after the card asked for more with S(WTX), never above the maximum
  /// (7.3).
  ///
  /// - Parameter multiplier: WTXM, 1...59; values outside are brought into it.
  public func withWaitingTimeExtension(multiplier: Int) -> FrameWaitingTime {
    let factor = UInt64(truncatingIfNeeded: min(max(multiplier, 1), 59))
    let extended = min(UInt64(carrierPeriods) * factor, UInt64(Self.maximum.carrierPeriods))
    return FrameWaitingTime(carrierPeriods: UInt32(truncatingIfNeeded: extended))
  }

  public static func < (left: FrameWaitingTime, right: FrameWaitingTime) -> Bool {
    left.carrierPeriods < right.carrierPeriods
  }
}

#if !hasFeature(Embedded)
  extension FrameWaitingTime {
    /// Rounded up to a nanosecond.
    public var duration: Duration { .nanoseconds(Int64(nanoseconds)) }
  }
#endif

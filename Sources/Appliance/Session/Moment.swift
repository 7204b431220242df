/// A moment of the monotonic clock, in milliseconds from any fixed start.
public struct Moment: Hashable, Comparable, Sendable {
  public let milliseconds: Int64

  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  public static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }

  /// Later by `milliseconds`; the ends of time are not passed.
  public static func + (moment: Self, milliseconds: Int64) -> Self {
    let (sum, overflow) = moment.milliseconds.addingReportingOverflow(milliseconds)
    return Self(milliseconds: overflow ? (milliseconds < 0 ? .min : .max) : sum)
  }
}

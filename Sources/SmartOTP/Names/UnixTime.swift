/// Seconds since 1970-01-01 00:00 UTC, by the centre's clock.
public struct UnixTime: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
  public let seconds: Int64

  public init(_ seconds: Int64) { self.seconds = seconds }

  public init(from decoder: any Decoder) throws {
    seconds = try decoder.singleValueContainer().decode(Int64.self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(seconds)
  }

  public var description: String { String(seconds) }

  public static func < (left: Self, right: Self) -> Bool { left.seconds < right.seconds }

  /// Later by `seconds`; the ends of time are not passed.
  public static func + (time: Self, seconds: Int64) -> Self {
    let (sum, overflow) = time.seconds.addingReportingOverflow(seconds)
    return Self(overflow ? (seconds < 0 ? .min : .max) : sum)
  }
}

/// A value of the chip's RF timers: 100 µs × 2^(code-1), code 1...16
/// (UM0701-02, 7.3.1, RFConfiguration item 2). Code 0 would mean no time-out and is not offered.
public struct RFTimer: Equatable, Sendable {
  public let code: UInt8

  private init(code: UInt8) { self.code = code }

  /// 100 µs, the shortest.
  public static let minimum = RFTimer(code: 1)
  /// 3.2768 s, the longest.
  public static let maximum = RFTimer(code: 16)

  public var microseconds: Int { 100 << (Int(code) - 1) }

  /// The shortest timer that lasts at least this long, else the longest.
  public init(atLeast microseconds: Int) {
    var code: UInt8 = 1
    while code < 16, 100 << (Int(code) - 1) < microseconds { code += 1 }
    self.code = code
  }

  /// The longest timer that ends within this time, else the shortest.
  public init(within microseconds: Int) {
    var code: UInt8 = 16
    while code > 1, 100 << (Int(code) - 1) > microseconds { code -= 1 }
    self.code = code
  }

  /// The timer for one exchange: it covers the card's frame waiting time with a margin for the
  /// chip's clock, unless the caller's deadline is shorter. Extensions (S(WTX)) need no more: the
  /// chip restarts the timer for each.
  public init(frameWaitingTime microseconds: Int, deadline: Int) {
    let waiting = RFTimer(atLeast: microseconds + microseconds / 16)
    let limit = RFTimer(within: deadline)
    self = waiting.code <= limit.code ? waiting : limit
  }
}

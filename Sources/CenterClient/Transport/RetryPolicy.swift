/// How often and how soon something is tried again: pauses grow by two, each drawn at random
/// between none and the whole, so that many clients do not come back together.
public struct RetryPolicy: Sendable {
  /// Tries of one call, the first included.
  public var maximumAttempts = 4
  /// The longest first pause.
  public var base = Duration.milliseconds(200)
  /// The longest pause there is.
  public var ceiling = Duration.seconds(30)

  public init() {}

  /// The pause after the given number of failures in a row, 1 at least.
  func pause(
    afterFailures count: Int, using generator: inout some RandomNumberGenerator
  ) -> Duration {
    let doublings = min(max(count, 1) - 1, 16)
    let longest = min(base * (1 << doublings), ceiling)
    return longest * Double.random(in: 0...1, using: &generator)
  }

  func pause(afterFailures count: Int) -> Duration {
    var generator = SystemRandomNumberGenerator()
    return pause(afterFailures: count, using: &generator)
  }
}

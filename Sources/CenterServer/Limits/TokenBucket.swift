/// So many requests a second, and so many at once.
public struct RateLimit: Hashable, Sendable {
  public let perSecond: Double
  public let burst: Double

  /// `perSecond` is at least a thousandth, `burst` at least one.
  public init(perSecond: Double, burst: Double) {
    self.perSecond = max(perSecond, 0.001)
    self.burst = max(burst, 1)
  }

  public static func perMinute(_ count: Double) -> RateLimit {
    RateLimit(perSecond: count / 60, burst: count)
  }
}

/// What one client has left of its limit.
struct TokenBucket: Sendable {
  private var tokens: Double
  private var updated: ContinuousClock.Instant

  init(_ limit: RateLimit, at now: ContinuousClock.Instant) {
    tokens = limit.burst
    updated = now
  }

  /// Takes one; otherwise says in how many seconds there is one.
  mutating func take(_ limit: RateLimit, at now: ContinuousClock.Instant) -> Double? {
    tokens = level(limit, at: now)
    updated = now
    guard tokens < 1 else {
      tokens -= 1
      return nil
    }
    return (1 - tokens) / limit.perSecond
  }

  func isFull(_ limit: RateLimit, at now: ContinuousClock.Instant) -> Bool {
    level(limit, at: now) >= limit.burst
  }

  private func level(_ limit: RateLimit, at now: ContinuousClock.Instant) -> Double {
    min(limit.burst, tokens + (now - updated) / .seconds(1) * limit.perSecond)
  }
}

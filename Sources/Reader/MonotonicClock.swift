import Glibc

/// CLOCK_MONOTONIC in nanoseconds, the clock that `ContinuousClock` deadlines are brought to.
enum MonotonicClock {
  static func now() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  /// The same moment on this clock, at most an hour away so that sums stay in range.
  static func time(of deadline: ContinuousClock.Instant) -> UInt64 {
    let left = min(ContinuousClock.now.duration(to: deadline), .seconds(3600))
    guard left > .zero else { return 0 }
    let (seconds, attoseconds) = left.components
    return now() &+ UInt64(seconds) * 1_000_000_000 &+ UInt64(attoseconds / 1_000_000_000)
  }
}

import Glibc

/// A point on the monotonic clock until which the driver may work on a request.
struct TimeBudget {
  private let end: UInt64

  init(microseconds: UInt32) {
    end = Self.now() &+ UInt64(microseconds) * 1000
  }

  private init(end: UInt64) { self.end = end }

  /// The earlier of this and `milliseconds` from now.
  func capped(milliseconds: Int) -> TimeBudget {
    TimeBudget(end: min(end, Self.now() &+ UInt64(max(0, milliseconds)) * 1_000_000))
  }

  var remainingMicroseconds: Int {
    let now = Self.now()
    return now >= end ? 0 : Int((end - now) / 1000)
  }

  var isSpent: Bool { Self.now() >= end }

  static func now() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  /// Sleeps for what the hardware needs, never past the budget.
  func pause(milliseconds: Int) {
    let microseconds = min(milliseconds * 1000, remainingMicroseconds)
    var time = timespec(
      tv_sec: microseconds / 1_000_000, tv_nsec: microseconds % 1_000_000 * 1000)
    nanosleep(&time, nil)
  }
}

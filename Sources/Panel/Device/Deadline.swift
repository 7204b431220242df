import Glibc

/// A moment of the monotonic clock by which something must be done.
struct Deadline {
  /// No display may take longer for one picture.
  static let pictureMilliseconds = 900

  private let nanoseconds: UInt64

  init(milliseconds: Int) {
    nanoseconds = Self.now() &+ UInt64(max(0, milliseconds)) &* 1_000_000
  }

  private static func now() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
  }

  /// 0 once it has passed.
  var nanosecondsLeft: UInt64 {
    let now = Self.now()
    return now < nanoseconds ? nanoseconds - now : 0
  }

  var hasPassed: Bool { nanosecondsLeft == 0 }

  /// The earlier of this and so many milliseconds from now.
  func capped(milliseconds: Int) -> Deadline {
    let other = Deadline(milliseconds: milliseconds)
    return other.nanoseconds < nanoseconds ? other : self
  }
}

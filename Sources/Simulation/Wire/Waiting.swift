import Glibc

/// Waiting for descriptors with the precision of the clock.
enum Waiting {
  /// Sleeps until a descriptor is readable or the moment has come; nil waits for a descriptor.
  ///
  /// `pselect` because it is the one call of its kind whose time-out is finer than a millisecond
  /// and that Glibc's module has. Descriptors beyond its 1024 are not waited for.
  static func untilReadable(_ descriptors: [Int32], or moment: Duration?) {
    var set = fd_set()
    let capacity = MemoryLayout<fd_set>.size * 8
    withUnsafeMutableBytes(of: &set) { bytes in
      for descriptor in descriptors where descriptor < capacity {
        bytes[Int(descriptor) / 8] |= 1 << UInt8(descriptor % 8)
      }
    }
    let count = (descriptors.max() ?? -1) + 1
    guard let moment else {
      _ = pselect(count, &set, nil, nil, nil, nil)
      return
    }
    var timeout = timespec(moment - MonotonicClock.now)
    _ = pselect(count, &set, nil, nil, &timeout, nil)
  }

  /// Puts this thread before ordinary ones, where that is permitted: a chip does not slow down
  /// because the computer beside it is busy.
  static func takePrecedence() {
    var parameters = sched_param()
    parameters.sched_priority = 1
    _ = pthread_setschedparam(pthread_self(), SCHED_RR, &parameters)
  }

  /// Asks the kernel not to stretch this thread's sleeps, which it does by 50 µs otherwise.
  ///
  /// The number of the thread is the last part of what `/proc/thread-self` points to.
  static func makePrecise() {
    var link = [CChar](repeating: 0, count: 64)
    let count = readlink("/proc/thread-self", &link, link.count)
    let path = link.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }
    let thread = String(
      decoding: path.split(separator: UInt8(ascii: "/")).last ?? [], as: UTF8.self)
    let descriptor = open("/proc/\(thread)/timerslack_ns", O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = write(descriptor, "1", 1)
    close(descriptor)
  }
}

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

  /// Asks the kernel not to stretch this thread's sleeps, which it does by 50 µs otherwise.
  static func makePrecise() {
    let descriptor = open("/proc/thread-self/timerslack_ns", O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = write(descriptor, "1", 1)
    close(descriptor)
  }
}

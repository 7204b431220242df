import CLinux
import Glibc

/// Ends a thread's wait, once and for good.
final class StopSignal: Sendable {
  private let descriptor: Int32

  /// Nil when the process has no descriptor left.
  init?() {
    descriptor = linux_event_descriptor()
    if descriptor < 0 { return nil }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  func give() {
    var one: UInt64 = 1
    _ = write(descriptor, &one, MemoryLayout<UInt64>.size)
  }

  /// - Returns: whether it was given within that time.
  func wait(milliseconds: Int) -> Bool {
    var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return linux_poll(&event, 1, UInt64(max(0, milliseconds)) * 1_000_000) > 0
  }

  /// - Returns: false once it was given; true when `other` can be read or is gone.
  func waitUntilReadable(_ other: Int32) -> Bool {
    var events = [
      pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: other, events: Int16(POLLIN), revents: 0),
    ]
    while true {
      let result = linux_poll(&events, 2, .max)
      if result < 0 && errno == EINTR { continue }
      return result > 0 && events[0].revents == 0
    }
  }
}

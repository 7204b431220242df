import CLinux
import Glibc

/// Ends the process a short time after the other side closed its pipe or connection, or its sending
/// half, even when the device thread is stuck inside libnfc. Nobody else can where the driver runs
/// under a user of its own. Costs nothing until then.
enum HangUpGuard {
  /// Enough to take a PN532's line down to its first speed (300 ms at most) and hand the chip back.
  private static let graceMilliseconds: Int32 = 500

  static func start(watching descriptor: Int32) {
    var thread = pthread_t()
    let argument = UnsafeMutableRawPointer(bitPattern: Int(descriptor) + 1)
    let result = pthread_create(
      &thread, nil,
      { argument in
        HangUpGuard.waitForHangUp(of: Int32(Int(bitPattern: argument) - 1))
        poll(nil, 0, HangUpGuard.graceMilliseconds)
        _exit(0)
      }, argument)
    if result == 0 { pthread_detach(thread) }
  }

  private static func waitForHangUp(of descriptor: Int32) {
    // Input is the device thread's; only the hang-up itself wakes this one.
    var event = pollfd(fd: descriptor, events: Int16(linux_poll_hang_up), revents: 0)
    while poll(&event, 1, -1) < 0 && errno == EINTR {}
  }
}

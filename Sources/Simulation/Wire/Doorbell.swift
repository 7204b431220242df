import Glibc

/// Wakes a thread that waits for descriptors.
struct Doorbell: ~Copyable {
  /// Readable once the bell was rung.
  let descriptor: Int32
  private let button: Int32

  init() throws(SimulationError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw .system(call: "pipe", errno: errno) }
    (descriptor, button) = (ends[0], ends[1])
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
  }

  deinit {
    close(descriptor)
    close(button)
  }

  /// A full pipe has been rung already.
  func ring() { _ = write(button, "!", 1) }

  func silence() {
    withUnsafeTemporaryAllocation(byteCount: 64, alignment: 1) { buffer in
      while read(descriptor, buffer.baseAddress, buffer.count) > 0 {}
    }
  }
}

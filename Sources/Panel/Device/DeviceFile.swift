import Appliance
import CLinux
import Glibc

/// An open device node, without blocking; closed when it goes out of use.
struct DeviceFile: ~Copyable {
  let descriptor: Int32
  let path: String
  let isTerminal: Bool
  /// Others use the same open file: it blocks, and is written in small pieces once it has room.
  let isShared: Bool

  /// - Throws: `.absent`, `.refused` or `.failed`, saying what to do.
  init(
    opening path: String, flags: Int32 = O_WRONLY, with opener: DeviceOpener = systemOpener
  ) throws(DisplayError) {
    let descriptor = opener(path, flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .opening(path, errno) }
    self.init(descriptor: descriptor, path: path)
  }

  /// Takes over an open descriptor.
  init(descriptor: Int32, path: String, isShared: Bool = false) {
    self.descriptor = descriptor
    self.path = path
    self.isShared = isShared
    isTerminal = isatty(descriptor) == 1
  }

  deinit { close(descriptor) }

  /// Writes all of `bytes`.
  ///
  /// - Throws: `.failed` when the device is gone, or has not taken them by the deadline. What a
  ///   terminal still holds of them is discarded then, so that it is not seen later.
  func write(_ bytes: [UInt8], by deadline: Deadline) throws(DisplayError) {
    var offset = 0
    while offset < bytes.count {
      let written = writeOnce(bytes[offset...], by: deadline)
      if written > 0 {
        offset += written
      } else if written < 0 && errno == EINTR && !deadline.hasPassed {
        continue
      } else if written < 0 && errno == EAGAIN {
        guard waitUntilWritable(by: deadline), !deadline.hasPassed else {
          discardOutput()
          throw .failed("\(path) takes no data; check what is connected to it")
        }
      } else {
        let code = errno
        discardOutput()
        throw .writing(path, code)
      }
    }
  }

  private func writeOnce(_ bytes: ArraySlice<UInt8>, by deadline: Deadline) -> Int {
    if isShared && !waitUntilWritable(by: deadline) {
      errno = EAGAIN
      return -1
    }
    let bytes = isShared ? bytes.prefix(64) : bytes
    let descriptor = descriptor
    let write = { bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) } }
    return isTerminal ? write() : BrokenPipe.withoutSignal(write)
  }

  /// False when the deadline passed first.
  func waitUntilWritable(by deadline: Deadline) -> Bool { wait(for: POLLOUT, by: deadline) }

  func waitUntilReadable(by deadline: Deadline) -> Bool { wait(for: POLLIN, by: deadline) }

  private func wait(for events: Int32, by deadline: Deadline) -> Bool {
    var event = pollfd(fd: descriptor, events: Int16(events), revents: 0)
    while true {
      let result = linux_poll(&event, 1, deadline.nanosecondsLeft)
      if result > 0 { return true }
      if result == 0 || errno != EINTR || deadline.hasPassed { return false }
    }
  }

  /// Closing a serial line would wait for its output otherwise, up to half a minute.
  private func discardOutput() {
    if isTerminal { tcflush(descriptor, TCOFLUSH) }
  }
}

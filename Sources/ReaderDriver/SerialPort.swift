import Glibc
import PN53x
import ReaderWire

/// A second descriptor on the tty that libnfc drives: for its speed, for the bytes libnfc never
/// sends (the ACK that ends a speed change or aborts a command), and for finding out why a port
/// cannot be opened. Terminal settings belong to the tty, so both descriptors see them.
final class SerialPort {
  /// libnfc marks a port as taken in c_iflag and forgets the mark when it is killed.
  private static let claimFlag: tcflag_t = 0x8000_0000

  let path: String
  let descriptor: Int32

  init(path: String) throws(DriverFault) {
    self.path = path
    descriptor = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      switch errno {
      case EACCES, EPERM: throw DriverFault(.permission, code: errno, detail: path)
      case EBUSY: throw DriverFault(.claimed, code: errno, detail: path)
      default: throw DriverFault(.notFound, code: errno, detail: path)
      }
    }
    guard isatty(descriptor) == 1 else {
      Glibc.close(descriptor)
      throw DriverFault(.notSerialPort, detail: path)
    }
  }

  deinit { Glibc.close(descriptor) }

  private func settings() -> termios? {
    var settings = termios()
    return tcgetattr(descriptor, &settings) == 0 ? settings : nil
  }

  /// Removes libnfc's mark when no other process has the port open.
  ///
  /// - Throws: `.claimed` when one has.
  func clearStaleClaim() throws(DriverFault) {
    guard var settings = settings(), settings.c_iflag & Self.claimFlag != 0 else { return }
    if let holder = PortHolder.find(path: path) {
      throw DriverFault(.claimed, detail: "\(path) is held by process \(holder)")
    }
    settings.c_iflag &= ~Self.claimFlag
    tcsetattr(descriptor, TCSANOW, &settings)
  }

  /// Keeps other drivers of this kind away while this port is open. libnfc's own mark cannot: glibc
  /// uses that bit of c_iflag itself, and the kernel never sees it.
  ///
  /// - Throws: `.claimed` when another process still holds the port after the budget.
  func lock(within budget: TimeBudget) throws(DriverFault) {
    try DeviceLock.take(descriptor, path: path, within: budget)
  }

  /// Sets the host's side of the line. False when the port cannot do that speed.
  func setSpeed(_ speed: SerialSpeed) -> Bool {
    guard var settings = settings() else { return false }
    let code = Self.code(for: speed)
    cfsetispeed(&settings, code)
    cfsetospeed(&settings, code)
    guard tcsetattr(descriptor, TCSADRAIN, &settings) == 0, let now = self.settings() else {
      return false
    }
    return withUnsafePointer(to: now) { cfgetospeed($0) } == code
  }

  /// Bare 8N1 without any processing, as libnfc sets it.
  func makeRaw() {
    guard var settings = settings() else { return }
    settings.c_cflag = tcflag_t(CS8 | CLOCAL | CREAD)
    settings.c_iflag = (settings.c_iflag & Self.claimFlag) | tcflag_t(IGNPAR)
    settings.c_oflag = 0
    settings.c_lflag = 0
    tcsetattr(descriptor, TCSANOW, &settings)
  }

  func write(_ bytes: [UInt8]) {
    _ = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
  }

  /// Waits until everything written has left for the line.
  func drain() { tcdrain(descriptor) }

  func discardInput() { tcflush(descriptor, TCIFLUSH) }

  /// Reads until `isComplete` is satisfied or the time is over; at most 512 bytes.
  func read(within budget: TimeBudget, until isComplete: ([UInt8]) -> Bool) -> [UInt8] {
    var received: [UInt8] = []
    while received.count < 512, !isComplete(received) {
      var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let milliseconds = Int32(clamping: (budget.remainingMicroseconds + 999) / 1000)
      guard milliseconds > 0, poll(&event, 1, milliseconds) > 0 else { break }
      var chunk = [UInt8](repeating: 0, count: 64)
      let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { break }
      received += chunk[..<count]
    }
    return received
  }

  /// Whether the port's other end is gone: unplugged adapter, closed pty.
  var isHungUp: Bool {
    var event = pollfd(fd: descriptor, events: 0, revents: 0)
    return poll(&event, 1, 0) > 0 && event.revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0
  }

  static func code(for speed: SerialSpeed) -> speed_t {
    switch speed {
    case .baud9600: speed_t(B9600)
    case .baud19200: speed_t(B19200)
    case .baud38400: speed_t(B38400)
    case .baud57600: speed_t(B57600)
    case .baud115200: speed_t(B115200)
    case .baud230400: speed_t(B230400)
    case .baud460800: speed_t(B460800)
    case .baud921600: speed_t(B921600)
    }
  }
}

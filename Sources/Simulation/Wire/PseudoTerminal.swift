import Glibc

/// A pseudo-terminal whose slave end a program opens as a serial port.
///
/// The slave is held open here too, so that a host may close and open it again; what libnfc leaves
/// in its settings stays there, as on a real port.
struct PseudoTerminal: ~Copyable {
  let master: Int32
  private let slave: Int32
  /// The slave's path, `/dev/pts/N`.
  let path: String

  init() throws(SimulationError) {
    var master: Int32 = -1
    var slave: Int32 = -1
    guard openpty(&master, &slave, nil, nil, nil) == 0 else {
      throw .system(call: "openpty", errno: errno)
    }
    self.master = master
    self.slave = slave
    path = Self.name(of: slave)
    for descriptor in [master, slave] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(master, F_SETFL, O_NONBLOCK)
    makeRaw()
  }

  deinit {
    close(slave)
    close(master)
  }

  private static func name(of descriptor: Int32) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
      guard let base = buffer.baseAddress, ttyname_r(descriptor, base, buffer.count) == 0 else {
        return ""
      }
      return String(cString: base)
    }
  }

  private func makeRaw() {
    var settings = termios()
    guard tcgetattr(slave, &settings) == 0 else { return }
    cfmakeraw(&settings)
    cfsetspeed(&settings, speed_t(B115200))
    _ = tcsetattr(slave, TCSANOW, &settings)
  }

  /// The speed the host has set, in baud; nil for one that has no name in termios(3).
  var hostSpeed: Int? {
    var settings = termios()
    guard tcgetattr(master, &settings) == 0 else { return nil }
    return Self.speeds[cfgetospeed(&settings)]
  }

  private static let speeds: [speed_t: Int] = [
    speed_t(B9600): 9_600, speed_t(B19200): 19_200, speed_t(B38400): 38_400,
    speed_t(B57600): 57_600, speed_t(B115200): 115_200, speed_t(B230400): 230_400,
    speed_t(B460800): 460_800, speed_t(B921600): 921_600,
  ]

  /// What the host has written, at most a buffer full; empty when there is nothing.
  func read() -> [UInt8] {
    Array(unsafeUninitializedCapacity: 4096) { buffer, count in
      count = max(0, Glibc.read(master, buffer.baseAddress, buffer.count))
    }
  }

  /// Whether reads tell of flushes (tty_ioctl(4), TIOCPKT).
  func tellFlushes(_ enabled: Bool) {
    var flag: Int32 = enabled ? 1 : 0
    _ = ioctl(master, 0x5420, &flag)
  }

  /// Reads while flushes are told: bytes, or the news that the host has discarded what it wrote.
  func readTellingFlushes() -> (bytes: [UInt8], wasFlushed: Bool) {
    let packet = read()
    guard let control = packet.first else { return ([], false) }
    let flushWrite: UInt8 = 2
    return (Array(packet.dropFirst()), control & flushWrite != 0)
  }

  /// Delivers bytes to the host. What its buffer can't take is lost, as a UART overrun is.
  func write(_ bytes: [UInt8]) {
    var offset = 0
    while offset < bytes.count {
      let written = bytes[offset...].withUnsafeBytes {
        Glibc.write(master, $0.baseAddress, $0.count)
      }
      guard written > 0 else { return }
      offset += written
    }
  }
}

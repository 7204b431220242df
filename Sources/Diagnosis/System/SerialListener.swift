import Glibc
import Threads

/// Speaks to a serial port as to a PN532, and hears whatever is there.
public protocol SerialListener: Sendable {
  /// Nil when the port cannot be opened, or is no serial port.
  func answer(at path: String) async -> SerialAnswer?
}

/// The ports of this machine, at the speed a PN532 starts with. The port is left as it was found.
public struct SystemSerialPorts: SerialListener {
  /// Milliseconds without a byte after which no more is expected. A GPS receiver speaks once a
  /// second.
  private static let patience: Int32 = 1200
  /// The same once something has come.
  private static let pause: Int32 = 250
  private static let receivedLimit = 256

  public init() {}

  public func answer(at path: String) async -> SerialAnswer? {
    await withCheckedContinuation { continuation in
      let started = DetachedThread.run { continuation.resume(returning: Self.ask(path)) }
      if !started { continuation.resume(returning: nil) }
    }
  }

  private static func ask(_ path: String) -> SerialAnswer? {
    let port = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
    guard port >= 0 else { return nil }
    defer { close(port) }
    var before = termios()
    guard tcgetattr(port, &before) == 0 else { return nil }
    var settings = before
    cfmakeraw(&settings)
    settings.c_cflag |= tcflag_t(CLOCAL | CREAD)
    settings.c_cflag &= ~tcflag_t(CRTSCTS)
    cfsetspeed(&settings, speed_t(B115200))
    guard tcsetattr(port, TCSANOW, &settings) == 0 else { return nil }
    defer { tcsetattr(port, TCSANOW, &before) }
    tcflush(port, TCIOFLUSH)
    let greeting = SerialAnswer.greeting
    let sent = greeting.withUnsafeBytes { write(port, $0.baseAddress, $0.count) }
    guard sent == greeting.count else { return nil }
    return SerialAnswer(to: received(from: port))
  }

  private static func received(from port: Int32) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: receivedLimit)
    // What never stops speaking is foreign soon enough.
    while bytes.count < receivedLimit {
      var event = pollfd(fd: port, events: Int16(POLLIN), revents: 0)
      guard poll(&event, 1, bytes.isEmpty ? patience : pause) > 0 else { break }
      let count = chunk.withUnsafeMutableBytes { read(port, $0.baseAddress, $0.count) }
      guard count > 0 else { break }
      bytes += chunk[..<count]
    }
    return bytes
  }
}

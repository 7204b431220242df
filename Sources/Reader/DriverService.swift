import Glibc

/// A driver that systemd started for a connection of ours. Its life is the connection's: it ends when
/// we close our direction, and its end closes the other one.
enum DriverService {
  /// Connects, without waiting for a service that does not accept.
  static func connect(_ path: String) throws(ReaderError) -> Int32 {
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    let connection = socket(AF_UNIX, type, 0)
    guard connection >= 0 else { throw .fault(.unsupported) }
    guard let address = address(path) else {
      close(connection)
      throw .serviceUnreachable(socket: path, code: ENAMETOOLONG)
    }
    let result = withUnsafePointer(to: address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(connection, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard result == 0 else {
      let code = errno
      close(connection)
      throw .serviceUnreachable(socket: path, code: code)
    }
    return connection
  }

  /// Nil for a path longer than the system takes, 107 bytes.
  private static func address(_ path: String) -> sockaddr_un? {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    return withUnsafeMutableBytes(of: &address.sun_path) { field in
      guard path.utf8.count < field.count else { return false }
      field.copyBytes(from: path.utf8)
      return true
    } ? address : nil
  }

  /// Tells the service to end: it gives itself a moment to hand the chip back and dies then, hung or
  /// not. Our other direction stays open, since its end tells when nothing is left of the service.
  static func hangUp(_ connection: Int32) { shutdown(connection, Int32(SHUT_WR)) }

  /// Waits until the service has gone, and with it its hold on the device. False when it has not
  /// within the time.
  static func waitForEnd(_ connection: Int32, milliseconds: Int) -> Bool {
    let end = MonotonicClock.now() &+ UInt64(milliseconds) * 1_000_000
    return withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { chunk in
      while true {
        let count = read(connection, chunk.baseAddress, chunk.count)
        if count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR) { return true }
        let now = MonotonicClock.now()
        guard now < end else { return false }
        // What it still says concerns nobody.
        var event = pollfd(fd: connection, events: Int16(POLLIN), revents: 0)
        poll(&event, 1, Int32(clamping: (end - now) / 1_000_000 + 1))
      }
    }
  }
}

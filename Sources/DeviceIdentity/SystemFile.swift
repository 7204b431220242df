import Glibc

/// System calls on files, with their errors as values.
enum SystemFile {
  /// Nil when the file cannot be read.
  static func firstBytes(of path: String, count: Int) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return try? read(descriptor, atMost: count, path: path)
  }

  static func read(
    _ descriptor: Int32, atMost limit: Int, path: String
  ) throws(DeviceIdentityError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: limit)
    var filled = 0
    while filled < limit {
      let count = bytes.withUnsafeMutableBytes {
        Glibc.read(descriptor, $0.baseAddress.map { $0 + filled }, limit - filled)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure(path) }
      if count == 0 { break }
      filled += count
    }
    bytes.removeLast(limit - filled)
    return bytes
  }

  static func write(
    _ bytes: [UInt8], to descriptor: Int32, path: String
  ) throws(DeviceIdentityError) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress.map { $0 + sent }, bytes.count - sent)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure(path) }
      sent += count
    }
  }

  /// The error that the last system call left.
  static func failure(_ path: String) -> DeviceIdentityError {
    errno == EACCES || errno == EPERM
      ? .permission(path) : .system(path: path, reason: String(cString: strerror(errno)))
  }
}

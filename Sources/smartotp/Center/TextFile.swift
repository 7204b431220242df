import Cryptography
import Glibc

/// Small files named on the command line; `-` is standard input.
enum TextFile {
  static let maximumByteCount = 1 << 20

  static func read(_ path: String) throws -> [UInt8] {
    let (descriptor, _) = try open(path)
    defer { close(descriptor) }
    return try content(of: descriptor, path)
  }

  /// A file with a key.
  ///
  /// - Throws: `CommandFailure` where others than its owner may read it.
  static func readSecret(_ path: String) throws -> SecretBytes {
    let (descriptor, mode) = try open(path)
    defer { close(descriptor) }
    guard path == "-" || mode & 0o077 == 0 else {
      throw CommandFailure(
        "\(path) holds a key and is open to other users (mode \(String(mode & 0o777, radix: 8))); chmod go= \(path)",
        .permission)
    }
    var bytes = try content(of: descriptor, path)
    return SecretBytes(wiping: &bytes)
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  private static func open(_ path: String) throws -> (Int32, mode_t) {
    let descriptor = path == "-" ? dup(STDIN_FILENO) : Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      close(descriptor)
      throw failure(path)
    }
    return (descriptor, status.st_mode)
  }

  private static func content(of descriptor: Int32, _ path: String) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while bytes.count <= maximumByteCount {
      let count = buffer.withUnsafeMutableBytes {
        Glibc.read(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure(path) }
      guard count > 0 else { return bytes }
      bytes += buffer.prefix(count)
    }
    throw CommandFailure("\(path) is too long", .badData)
  }

  private static func failure(_ path: String) -> CommandFailure {
    CommandFailure(
      "cannot read \(path): \(String(cString: strerror(errno)))",
      errno == EACCES ? .permission : .badData)
  }
}

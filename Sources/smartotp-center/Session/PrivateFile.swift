import Glibc

/// Files of the data directory.
enum PrivateFile {
  static let maximumByteCount = 4 << 20

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// - Throws: `CommandFailure` naming the file.
  static func read(_ path: String) throws(CommandFailure) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw failure("cannot read", path) }
    defer { close(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while bytes.count <= maximumByteCount {
      let count = Glibc.read(file, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure("cannot read", path) }
      if count == 0 { return bytes }
      bytes += buffer.prefix(count)
    }
    throw CommandFailure(.badData, "\(path) is too large")
  }

  /// Makes a file that was not there, durable when this returns.
  static func create(
    _ path: String, _ bytes: [UInt8], mode: mode_t = 0o600
  ) throws(CommandFailure) {
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard file >= 0 else { throw failure("cannot make", path) }
    defer { close(file) }
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure("cannot write", path) }
      written += count
    }
    guard fsync(file) == 0 else { throw failure("cannot write", path) }
  }

  /// Puts a file in the place of another, whole or not at all.
  static func replace(
    _ path: String, _ bytes: [UInt8], mode: mode_t = 0o600
  ) throws(CommandFailure) {
    let new = "\(path).new"
    unlink(new)
    try create(new, bytes, mode: mode)
    guard rename(new, path) == 0 else { throw failure("cannot replace", path) }
  }

  /// Makes a directory that only its owner can enter, unless it is there.
  static func createDirectory(_ path: String) throws(CommandFailure) {
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure("cannot make", path) }
  }

  /// The names in a directory, in order; none where there is no such directory.
  static func names(in path: String) -> [String] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while names.count < 4_096, let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }

  private static func failure(_ what: String, _ path: String) -> CommandFailure {
    let code = errno
    return CommandFailure(
      code == EACCES || code == EPERM ? .permission : .configuration,
      "\(what) \(path): \(String(cString: strerror(code)))")
  }
}

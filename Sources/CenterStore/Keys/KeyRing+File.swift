import Cryptography
import Glibc
import SmartOTP

/// The key file: a line a key, `<id, 8 hex> <key, 64 hex>`; the last is active. Empty lines and
/// lines that begin with `#` are skipped.
extension KeyRing {
  static let maximumFileByteCount = 65_536

  /// Reads the file, which only its owner may have access to.
  public init(contentsOf path: String) throws(KeyRingError) {
    try self.init(contentsOf: path, forbiddenMode: 0o077)
  }

  private init(contentsOf path: String, forbiddenMode: UInt32) throws(KeyRingError) {
    var bytes = try readPrivateFile(path, forbiddenMode: forbiddenMode)
    defer { for index in bytes.indices { bytes[index] = 0 } }
    try self.init(lines: bytes)
  }

  /// `$CREDENTIALS_DIRECTORY/kek` where systemd gives one, else the file at `path`.
  public init(credentialOr path: String) throws(KeyRingError) {
    if let directory = getenv("CREDENTIALS_DIRECTORY") {
      let credential = String(cString: directory) + "/kek"
      if access(credential, F_OK) == 0 {
        // systemd grants the service's user by an access list, which shows as the group's bits.
        try self.init(contentsOf: credential, forbiddenMode: 0o007)
        return
      }
    }
    try self.init(contentsOf: path)
  }

  init(lines bytes: [UInt8]) throws(KeyRingError) {
    var keys: [(id: UInt32, key: SecretBytes)] = []
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    for (number, line) in lines.enumerated() where !line.isEmpty && line.first != 0x23 {
      guard line.count == 8 + 1 + 64, line[line.startIndex + 8] == 0x20,
        let id = [UInt8](hexadecimal: String(decoding: line.prefix(8), as: UTF8.self)),
        var key = [UInt8](hexadecimal: String(decoding: line.suffix(64), as: UTF8.self))
      else { throw .malformedLine(number + 1) }
      keys.append((id.reduce(0) { $0 << 8 | UInt32($1) }, SecretBytes(wiping: &key)))
    }
    try self.init(keys)
  }

  /// Draws a key and writes it as the last of the file at `path`, which is made (mode 0600) if there
  /// is none. Returns its id.
  @discardableResult
  public static func addKey(to path: String) throws -> UInt32 {
    let earlier = access(path, F_OK) == 0 ? try KeyRing(contentsOf: path) : nil
    let id = (earlier?.ids.last ?? 0) &+ 1
    let key = try SecretBytes.random(count: keyByteCount)
    let line = key.withUnsafeBytes { "\(CenterStore.hexadecimal(id)) \(Array($0).hexadecimal)\n" }
    let old = earlier == nil ? [] : try readPrivateFile(path)
    let separator: [UInt8] = old.isEmpty || old.last == 0x0A ? [] : [0x0A]
    try replacePrivateFile(path, with: old + separator + Array(line.utf8))
    return id
  }
}

private func readPrivateFile(
  _ path: String, forbiddenMode: UInt32 = 0o077
) throws(KeyRingError) -> [UInt8] {
  let file = open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else {
    throw errno == ENOENT ? .missing(path: path) : .notReadable(path: path, errno: errno)
  }
  defer { close(file) }
  var status = stat()
  guard fstat(file, &status) == 0 else { throw .notReadable(path: path, errno: errno) }
  guard status.st_mode & forbiddenMode == 0 else {
    throw .tooOpen(path: path, mode: UInt32(status.st_mode & 0o777))
  }
  guard status.st_size <= KeyRing.maximumFileByteCount else { throw .tooLarge(path: path) }
  var bytes = [UInt8](repeating: 0, count: KeyRing.maximumFileByteCount)
  var filled = 0
  while filled < bytes.count {
    let count = bytes.withUnsafeMutableBytes { buffer in
      read(file, buffer.baseAddress.map { $0 + filled }, buffer.count - filled)
    }
    if count < 0 && errno == EINTR { continue }
    guard count >= 0 else { throw .notReadable(path: path, errno: errno) }
    if count == 0 { break }
    filled += count
  }
  return Array(bytes.prefix(filled))
}

/// Written beside and renamed, so that a crash leaves the old file or the new one.
private func replacePrivateFile(_ path: String, with bytes: [UInt8]) throws(KeyRingError) {
  let new = path + ".new"
  unlink(new)
  let file = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
  guard file >= 0 else { throw .notWritten(path: new, errno: errno) }
  defer { close(file) }
  var written = 0
  while written < bytes.count {
    let count = bytes.withUnsafeBytes { buffer in
      write(file, buffer.baseAddress.map { $0 + written }, buffer.count - written)
    }
    if count < 0 && errno == EINTR { continue }
    guard count > 0 else { throw .notWritten(path: new, errno: errno) }
    written += count
  }
  guard fsync(file) == 0, rename(new, path) == 0 else {
    throw .notWritten(path: path, errno: errno)
  }
}

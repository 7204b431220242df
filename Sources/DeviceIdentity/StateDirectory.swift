import Glibc

/// A directory of small files that only their owner reads, each written whole or not at all.
///
/// A file is written beside its place, flushed to the disk, and renamed; then the directory is
/// flushed. After a power cut there is the old file or the new one. What a write that broke off left
/// is removed by the next.
public struct StateDirectory: Sendable {
  public let path: String

  static let maximumByteCount = 65_536
  private static let unfinished = ".new"

  public init(_ path: String) { self.path = path }

  /// `$XDG_STATE_HOME/smartotp`, else `~/.local/state/smartotp`; for root, `/var/lib/smartotp`.
  public static var standard: StateDirectory {
    if let home = variable("XDG_STATE_HOME"), home.hasPrefix("/") {
      return StateDirectory("\(home)/smartotp")
    }
    if geteuid() != 0, let home = variable("HOME"), home.hasPrefix("/") {
      return StateDirectory("\(home)/.local/state/smartotp")
    }
    return StateDirectory("/var/lib/smartotp")
  }

  private static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  /// Makes the directory, and those above it, where it is missing.
  func create() throws(DeviceIdentityError) {
    var prefix = ""
    for part in path.split(separator: "/") {
      prefix += (prefix.isEmpty && !path.hasPrefix("/") ? "" : "/") + part
      if mkdir(prefix, 0o700) != 0, errno != EEXIST { throw SystemFile.failure(prefix) }
    }
  }

  /// - Throws: `exposed` where others may write; `notRegistered` where there is no directory.
  func check() throws(DeviceIdentityError) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw errno == ENOENT ? .notRegistered : SystemFile.failure(path)
    }
    guard status.st_mode & 0o022 == 0 else {
      throw .exposed(path: path, mode: UInt32(status.st_mode & 0o7777))
    }
  }

  /// A file's content; nil where there is no such file.
  ///
  /// - Throws: `exposed` for a file that others may read or write, `damaged` for what is no plain
  ///   file of a reasonable size.
  func read(_ name: String) throws(DeviceIdentityError) -> [UInt8]? {
    let file = "\(path)/\(name)"
    let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw errno == ELOOP ? .damaged(file) : SystemFile.failure(file)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw SystemFile.failure(file) }
    guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= Self.maximumByteCount else {
      throw .damaged(file)
    }
    guard status.st_mode & 0o077 == 0 else {
      throw .exposed(path: file, mode: UInt32(status.st_mode & 0o7777))
    }
    return try SystemFile.read(descriptor, atMost: Self.maximumByteCount, path: file)
  }

  func write(_ bytes: [UInt8], to name: String) throws(DeviceIdentityError) {
    let (file, new) = ("\(path)/\(name)", "\(path)/\(name)\(Self.unfinished)")
    unlink(new)
    let descriptor = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw SystemFile.failure(new) }
    do throws(DeviceIdentityError) {
      try SystemFile.write(bytes, to: descriptor, path: new)
      guard fsync(descriptor) == 0 else { throw SystemFile.failure(new) }
    } catch {
      close(descriptor)
      unlink(new)
      throw error
    }
    close(descriptor)
    guard rename(new, file) == 0 else { throw SystemFile.failure(file) }
    try flush()
  }

  /// Removes a file; it may be missing.
  func remove(_ name: String) throws(DeviceIdentityError) {
    let file = "\(path)/\(name)"
    guard unlink(file) == 0 || errno == ENOENT else { throw SystemFile.failure(file) }
    try flush()
  }

  /// The names of the files with this beginning and end, in order.
  func names(from prefix: String, to suffix: String) throws(DeviceIdentityError) -> [String] {
    guard let directory = opendir(path) else { throw SystemFile.failure(path) }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasPrefix(prefix), name.hasSuffix(suffix) { names.append(name) }
    }
    return names.sorted()
  }

  /// Runs `body` while no other process changes the directory.
  func locked<Value>(
    _ body: () throws(DeviceIdentityError) -> Value
  ) throws(DeviceIdentityError) -> Value {
    let descriptor = try openDirectory()
    defer { close(descriptor) }
    while flock(descriptor, LOCK_EX) != 0 {
      guard errno == EINTR else { throw SystemFile.failure(path) }
    }
    return try body()
  }

  private func flush() throws(DeviceIdentityError) {
    let descriptor = try openDirectory()
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw SystemFile.failure(path) }
  }

  private func openDirectory() throws(DeviceIdentityError) -> Int32 {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemFile.failure(path) }
    return descriptor
  }
}

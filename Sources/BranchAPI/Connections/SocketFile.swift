import Glibc

/// The file of a Unix socket.
struct SocketFile: Sendable {
  private let path: String
  private let device: dev_t
  private let inode: ino_t
  /// Inodes are used again.
  private let madeAt: (Int, Int)

  /// The file that is there now; nil where there is none.
  init?(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return nil }
    self.path = path
    device = status.st_dev
    inode = status.st_ino
    madeAt = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
  }

  /// Removes the file if it is still the same.
  func remove() {
    guard let there = SocketFile(path), there.device == device, there.inode == inode,
      there.madeAt == madeAt
    else { return }
    unlink(path)
  }

  /// Removes what a process that died has left.
  ///
  /// - Throws: `folderMissing`, `notASocket`, and `inUse` where somebody listens.
  static func removeStale(
    _ path: String, _ address: inout sockaddr_un
  ) throws(BranchServerError) {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      let code = errno
      guard code == ENOENT else { throw .system(path, code) }
      return try checkFolder(of: path)
    }
    guard status.st_mode & S_IFMT == S_IFSOCK else { throw .notASocket(path) }
    guard !isServed(&address) else { throw .inUse(path) }
    guard unlink(path) == 0 || errno == ENOENT else { throw .system(path, errno) }
  }

  private static func checkFolder(of path: String) throws(BranchServerError) {
    let end = path.lastIndex(of: "/")
    let folder = end.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    var status = stat()
    guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw .folderMissing(folder)
    }
  }

  private static func isServed(_ address: inout sockaddr_un) -> Bool {
    let kind =
      Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let descriptor = socket(AF_UNIX, kind, 0)
    guard descriptor >= 0 else { return true }
    defer { close(descriptor) }
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    // A full backlog answers "try again": somebody is there.
    return result == 0 || errno != ECONNREFUSED
  }
}

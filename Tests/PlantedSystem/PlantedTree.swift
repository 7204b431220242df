import Glibc
import ReaderUSB

/// A folder that stands for a machine's file system. Gone with its last reference. One test has it,
/// from one thread at a time.
public final class PlantedTree: @unchecked Sendable {
  public let root: String
  /// Owners and modes that the real files do not have.
  public var statuses: [String: FileStatus] = [:]

  public init() {
    // In memory where that can be: a tree is a hundred small files.
    let folder = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
    var template = Array("\(folder)/planted-XXXXXX".utf8CString)
    root = mkdtemp(&template).map { String(cString: $0) } ?? "/nonexistent"
  }

  deinit { Self.removeAll(root) }

  public var files: FileTree { FileTree(root: root, statuses: statuses) }

  /// Writes a file, its folders made as needed.
  public func write(_ path: String, _ text: String) {
    makeFolders(for: path)
    unlink(root + path)
    let descriptor = open(root + path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    close(descriptor)
  }

  public func append(_ path: String, _ text: String) {
    write(path, (files.text(path, limit: 1 << 20) ?? "") + text)
  }

  public func link(_ path: String, to target: String) {
    makeFolders(for: path)
    unlink(root + path)
    symlink(target, root + path)
  }

  public func makeFolder(_ path: String) { makeFolders(for: path + "/") }

  public func remove(_ path: String) { Self.removeAll(root + path) }

  /// A node and who may use it.
  public func node(
    _ path: String, mode: UInt32 = 0o660, group: UInt32 = 0, accessList: [AccessEntry] = []
  ) {
    write(path, "")
    statuses[path] = FileStatus(mode: mode, group: group, accessList: accessList)
  }

  private func makeFolders(for path: String) {
    var folder = root
    for part in path.split(separator: "/").dropLast(path.hasSuffix("/") ? 0 : 1) {
      folder += "/\(part)"
      mkdir(folder, 0o755)
    }
  }

  private static func removeAll(_ path: String) {
    var information = stat()
    guard lstat(path, &information) == 0 else { return }
    if information.st_mode & S_IFMT == S_IFDIR {
      for name in FileTree().names(path) { removeAll("\(path)/\(name)") }
      rmdir(path)
    } else {
      unlink(path)
    }
  }
}

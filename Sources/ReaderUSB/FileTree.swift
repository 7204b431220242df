import CLinux
import Glibc

/// The file system, or a folder that stands for it: every path is looked up below `root`.
///
/// Reading is all it can do. Every answer is bounded, and nil where there is nothing to read.
public struct FileTree: Sendable {
  /// The folder all paths are relative to; empty for the real file system.
  public let root: String
  /// Take the place of what the file system says, for folders whose files cannot have the owners
  /// and kinds they stand for.
  public var statuses: [String: FileStatus]

  public static let system = FileTree()

  public init(root: String = "", statuses: [String: FileStatus] = [:]) {
    self.root = root.isEmpty ? "" : Self.canonical(root) ?? root
    self.statuses = statuses
  }

  /// At most `limit` bytes of a file.
  public func bytes(_ path: String, limit: Int = 65_536) -> [UInt8]? {
    let descriptor = open(root + path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16_384)
    while bytes.count < limit {
      let wanted = min(chunk.count, limit - bytes.count)
      let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, wanted) }
      // The kernel's log says so when old records were overwritten in between.
      if count < 0, errno == EPIPE, bytes.isEmpty { continue }
      // Nothing more, or an error after what was read: what there is counts.
      guard count > 0 else { return count == 0 || !bytes.isEmpty ? bytes : nil }
      bytes += chunk[..<count]
    }
    return bytes
  }

  public func text(_ path: String, limit: Int = 65_536) -> String? {
    bytes(path, limit: limit).map { String(decoding: $0, as: UTF8.self) }
  }

  /// A file's first line without white space around it, what a terminal would act on replaced:
  /// devices choose what stands there.
  public func line(_ path: String) -> String? {
    text(path, limit: 4096).map { text in
      let line = text.prefix { $0 != "\n" }
      return DisplayText.safe(line.trimmed)
    }
  }

  public func number(_ path: String) -> Int? { line(path).flatMap { Int($0) } }

  /// The names in a folder, sorted; empty when there is no such folder.
  public func names(_ folder: String) -> [String] {
    guard let directory = opendir(root + folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while names.count < 100_000, let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// The text of a symbolic link.
  public func link(_ path: String) -> String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { buffer in
      guard let base = buffer.baseAddress else { return nil }
      let count = readlink(root + path, base, buffer.count)
      guard count > 0 else { return nil }
      return String(decoding: UnsafeRawBufferPointer(start: base, count: count), as: UTF8.self)
    }
  }

  /// The path behind all symbolic links; nil when nothing is there.
  public func resolved(_ path: String) -> String? {
    guard let target = Self.canonical(root + path) else { return nil }
    guard target.hasPrefix(root) else { return nil }
    return String(target.dropFirst(root.count))
  }

  public func exists(_ path: String) -> Bool { status(path) != nil }

  /// What the file system, or `statuses`, says about a path; links are followed.
  public func status(_ path: String) -> FileStatus? {
    if let status = statuses[path] { return status }
    var information = stat()
    guard stat(root + path, &information) == 0 else { return nil }
    return FileStatus(information, accessList: accessList(root + path))
  }

  private func accessList(_ path: String) -> [AccessEntry] {
    var bytes = [UInt8](repeating: 0, count: 1024)
    let count = bytes.withUnsafeMutableBytes {
      getxattr(path, "system.posix_acl_access", $0.baseAddress, $0.count)
    }
    return count > 0 ? AccessEntry.list(Array(bytes[..<count])) : []
  }

  private static func canonical(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}

import Glibc

/// Finds out who else has a device node open, by the descriptors in /proc.
enum PortHolder {
  /// The process id of some other process that has `path` open; nil when there is none, or none
  /// that this user may see.
  static func find(path: String) -> Int32? {
    guard let target = resolve(path) else { return nil }
    let own = getpid()
    for entry in names(in: "/proc") {
      guard let process = Int32(entry), process != own else { continue }
      let folder = "/proc/\(process)/fd"
      for descriptor in names(in: folder)
      where link("\(folder)/\(descriptor)") == target {
        return process
      }
    }
    return nil
  }

  /// The process that holds the lock on an open file, by /proc/locks; nil when it is not said.
  static func locking(_ descriptor: Int32) -> Int32? {
    var status = stat()
    guard fstat(descriptor, &status) == 0, let file = fopen("/proc/locks", "re") else { return nil }
    defer { fclose(file) }
    let inode = ":\(status.st_ino)"
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, Int32(line.count), file) != nil {
      // Number, FLOCK, ADVISORY, WRITE, process, device:inode, range.
      let words = line.withUnsafeBytes {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self).split(separator: " ")
      }
      if words.count > 5, words[1] == "FLOCK", words[5].hasSuffix(inode) { return Int32(words[4]) }
    }
    return nil
  }

  private static func resolve(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private static func link(_ path: String) -> String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { buffer in
      guard let base = buffer.baseAddress else { return nil }
      let count = readlink(path, base, buffer.count)
      guard count > 0 else { return nil }
      return String(
        decoding: UnsafeRawBufferPointer(start: base, count: count), as: UTF8.self)
    }
  }

  private static func names(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }
}

import Glibc

/// The socket over which a program under test reaches its device: a descriptor of our own on what
/// umockdev accepted, to see the program's end by.
final class ProgramSocket: Sendable {
  /// Unique among the sockets that are open.
  let identity: UInt64
  private let descriptor: Int32

  private init(identity: UInt64, descriptor: Int32) {
    self.identity = identity
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// The accepted connection on the listener at `path` that is none of those known. Nil when its
  /// program has closed it already.
  static func newest(on path: String, notIn known: [UInt64]) -> ProgramSocket? {
    for name in Folder.names(in: "/proc/self/fd") {
      // One that is hung up is an old one, which umockdev has not closed yet.
      guard let candidate = Int32(name), isAccepted(candidate, path), !isHungUp(candidate) else {
        continue
      }
      var status = stat()
      guard fstat(candidate, &status) == 0, !known.contains(UInt64(status.st_ino)) else { continue }
      let own = fcntl(candidate, F_DUPFD_CLOEXEC, 3)
      guard own >= 0 else { return nil }
      return ProgramSocket(identity: UInt64(status.st_ino), descriptor: own)
    }
    return nil
  }

  private static func isAccepted(_ descriptor: Int32, _ path: String) -> Bool {
    var listens: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    guard getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0, listens == 0
    else { return false }
    var address = sockaddr_un()
    size = socklen_t(MemoryLayout<sockaddr_un>.size)
    let result = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
    }
    guard result == 0, address.sun_family == sa_family_t(AF_UNIX) else { return false }
    let name = withUnsafeBytes(of: address.sun_path) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    return name == path
  }

  /// Whether the program has closed its end.
  var isHungUp: Bool { Self.isHungUp(descriptor) }

  private static func isHungUp(_ descriptor: Int32) -> Bool {
    var event = pollfd(fd: descriptor, events: 0, revents: 0)
    return poll(&event, 1, 0) > 0 && event.revents & Int16(POLLHUP | POLLERR) != 0
  }
}

enum Folder {
  static func names(in path: String) -> [String] {
    guard let directory = opendir(path) else { return [] }
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

import Glibc

/// A socket that listens, and the file that goes with it.
struct ListeningSocket: Sendable {
  /// Whoever takes it over closes it.
  let descriptor: Int32
  /// What the server made, and removes.
  private let file: SocketFile?

  private init(descriptor: Int32, file: SocketFile? = nil) {
    self.descriptor = descriptor
    self.file = file
  }

  private static let backlog: Int32 = 64

  /// Removes the socket file, unless another has taken its place.
  func removeFile() { file?.remove() }

  // MARK: Opening

  static func open(
    _ socket: BranchServerConfiguration.LocalSocket
  ) throws(BranchServerError) -> ListeningSocket {
    switch socket {
    case .path(let path): try open(path: path)
    case .descriptor(let descriptor): try takeOver(descriptor)
    }
  }

  /// The file has its mode before anybody can connect.
  private static func open(path: String) throws(BranchServerError) -> ListeningSocket {
    var address = try unixAddress(path)
    try SocketFile.removeStale(path, &address)
    let descriptor = try make(AF_UNIX, for: path)
    guard bind(descriptor, to: &address) == 0 else { throw abandon(descriptor, path) }
    guard let file = SocketFile(path) else { throw abandon(descriptor, path) }
    guard chmod(path, 0o660) == 0, listen(descriptor, backlog) == 0 else {
      let error = abandon(descriptor, path)
      file.remove()
      throw error
    }
    return ListeningSocket(descriptor: descriptor, file: file)
  }

  private static func takeOver(_ descriptor: Int32) throws(BranchServerError) -> ListeningSocket {
    guard option(SO_ACCEPTCONN, of: descriptor) == 1, option(SO_DOMAIN, of: descriptor) == AF_UNIX,
      fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0
    else { throw .descriptorUnusable(descriptor) }
    return ListeningSocket(descriptor: descriptor)
  }

  /// No other address than this machine's own is ever bound.
  static func open(loopbackPort port: Int) throws(BranchServerError) -> ListeningSocket {
    let place = "127.0.0.1:\(port)"
    let descriptor = try make(AF_INET, for: place)
    var yes: Int32 = 1
    setsockopt(
      descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(truncatingIfNeeded: port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    guard bind(descriptor, to: &address) == 0, listen(descriptor, backlog) == 0 else {
      throw abandon(descriptor, place)
    }
    return ListeningSocket(descriptor: descriptor)
  }

  /// Closes what nobody took over.
  func close() {
    _ = Glibc.close(descriptor)
    removeFile()
  }

  // MARK: System calls

  private static func make(
    _ family: Int32, for place: String
  ) throws(BranchServerError) -> Int32 {
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let descriptor = socket(family, kind, 0)
    guard descriptor >= 0 else { throw .system(place, errno) }
    return descriptor
  }

  private static func abandon(_ descriptor: Int32, _ place: String) -> BranchServerError {
    let code = errno
    _ = Glibc.close(descriptor)
    return code == EADDRINUSE ? .inUse(place) : .system(place, code)
  }

  private static func bind<Address>(_ descriptor: Int32, to address: inout Address) -> Int32 {
    withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<Address>.size))
      }
    }
  }

  private static func option(_ name: Int32, of descriptor: Int32) -> Int32? {
    var value: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    return getsockopt(descriptor, SOL_SOCKET, name, &value, &size) == 0 ? value : nil
  }

  private static func unixAddress(_ path: String) throws(BranchServerError) -> sockaddr_un {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard !bytes.isEmpty, !bytes.contains(0),
      bytes.count < MemoryLayout.size(ofValue: address.sun_path)
    else { throw .pathTooLong(path) }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    return address
  }
}

import Glibc

/// A TCP connection, or the socket that waits for one.
struct StreamSocket: ~Copyable {
  let descriptor: Int32

  private init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// Waits for connections at a port; 0 picks a free one.
  static func listening(host: String, port: UInt16) throws(SimulationError) -> StreamSocket {
    let socket = try open()
    var enabled: Int32 = 1
    setsockopt(socket.descriptor, SOL_SOCKET, SO_REUSEADDR, &enabled, 4)
    let code = try withAddress(host, port) { bind(socket.descriptor, $0, $1) }
    guard code == 0 else { throw .system(call: "bind", errno: errno) }
    guard listen(socket.descriptor, 1) == 0 else { throw .system(call: "listen", errno: errno) }
    return socket
  }

  static func connected(host: String, port: UInt16) throws(SimulationError) -> StreamSocket {
    let socket = try open()
    let code = try withAddress(host, port) { connect(socket.descriptor, $0, $1) }
    guard code == 0 else { throw .system(call: "connect", errno: errno) }
    socket.sendAtOnce()
    return socket
  }

  /// The next connection; nil if there is none after all.
  func accepted() -> StreamSocket? {
    let peer = accept(descriptor, nil, nil)
    guard peer >= 0 else { return nil }
    let socket = StreamSocket(descriptor: peer)
    _ = fcntl(peer, F_SETFD, FD_CLOEXEC)
    socket.sendAtOnce()
    return socket
  }

  /// The port a listening socket got.
  var localPort: UInt16 {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        getsockname(descriptor, $0, &length)
      }
    }
    return code == 0 ? UInt16(bigEndian: address.sin_port) : 0
  }

  // MARK: Bytes

  /// Writes everything, or says that it could not.
  func write(_ bytes: [UInt8]) -> Bool {
    var offset = 0
    while offset < bytes.count {
      let sent = bytes[offset...].withUnsafeBytes {
        send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard sent > 0 else { return false }
      offset += sent
    }
    return true
  }

  /// Reads exactly so many bytes; nil at the end of the stream or past the deadline.
  func read(_ count: Int, by deadline: Duration?) -> [UInt8]? {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: count)
    while bytes.count < count {
      if let deadline {
        guard MonotonicClock.now < deadline else { return nil }
        Waiting.untilReadable([descriptor], or: deadline)
        guard MonotonicClock.now < deadline || hasInput else { return nil }
      }
      let received = recv(descriptor, &chunk, count - bytes.count, 0)
      guard received > 0 else { return nil }
      bytes += chunk.prefix(received)
    }
    return bytes
  }

  var hasInput: Bool {
    var poller = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&poller, 1, 0) > 0
  }

  // MARK: Set-up

  private static func open() throws(SimulationError) -> StreamSocket {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw .system(call: "socket", errno: errno) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    return StreamSocket(descriptor: descriptor)
  }

  /// Without this the first message after a pause waits 40 ms for the other side's delayed
  /// acknowledgement.
  private func sendAtOnce() {
    var enabled: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &enabled, 4)
  }

  private static func withAddress(
    _ host: String, _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) throws(SimulationError) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    guard inet_pton(AF_INET, host == "localhost" ? "127.0.0.1" : host, &address.sin_addr) == 1
    else {
      throw .invalidAddress(host)
    }
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }
}

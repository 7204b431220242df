import Glibc

/// The address of a Unix datagram socket: a path, or a name in the abstract space behind `@`.
struct DatagramAddress: Hashable, Sendable {
  private let name: [UInt8]
  private let isAbstract: Bool

  /// Nil for what is neither, or does not fit into an address (unix(7)).
  init?(_ text: String) {
    guard let first = text.utf8.first, text.utf8.count > 1, text.utf8.count < Self.capacity,
      !text.utf8.contains(0)
    else { return nil }
    isAbstract = first == UInt8(ascii: "@")
    guard isAbstract || first == UInt8(ascii: "/") else { return nil }
    name = isAbstract ? [0] + text.utf8.dropFirst() : Array(text.utf8) + [0]
  }

  private static let capacity = MemoryLayout.size(ofValue: sockaddr_un().sun_path)

  /// A socket that sends there; nil when nobody listens.
  func connected() -> Int32? {
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return nil }
    guard connect(descriptor) else {
      close(descriptor)
      return nil
    }
    return descriptor
  }

  /// Points a socket there, also one whose listener went and came back.
  func connect(_ descriptor: Int32) -> Bool {
    withAddress { Glibc.connect(descriptor, $0, $1) } == 0
  }

  func withAddress<Result>(
    _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
  ) -> Result {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
    let offset = MemoryLayout.offset(of: \sockaddr_un.sun_path) ?? 2
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(offset + name.count))
      }
    }
  }
}

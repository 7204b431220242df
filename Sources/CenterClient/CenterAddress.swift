/// Where a centre is: `https://host:port`.
public struct CenterAddress: Hashable, Sendable, CustomStringConvertible {
  public static let defaultPort = 8443

  public let host: String
  public let port: Int

  /// Reads `https://host`, `https://host:port`, or the same without `https://`; a path is refused. An
  /// IPv6 address stands in brackets.
  ///
  /// Nil for anything else, plain `http` included.
  public init?(_ text: String) {
    var rest = Substring(text)
    let scheme = "https://"
    if rest.prefix(scheme.count).lowercased() == scheme { rest = rest.dropFirst(scheme.count) }
    if rest.hasSuffix("/") { rest.removeLast() }
    let isBracketed = rest.hasPrefix("[")
    guard
      let end = isBracketed
        ? rest.firstIndex(of: "]").map(rest.index(after:))
        : rest.firstIndex(of: ":") ?? rest.endIndex
    else { return nil }
    let host = isBracketed ? rest[..<end].dropFirst().dropLast() : rest[..<end]
    guard Self.isHost(host, isBracketed: isBracketed), let port = Self.port(rest[end...]) else {
      return nil
    }
    self.host = String(host)
    self.port = port
  }

  private static func isHost(_ host: Substring, isBracketed: Bool) -> Bool {
    (1...253).contains(host.utf8.count)
      && host.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E: true
        case 0x3A: isBracketed
        default: false
        }
      }
  }

  private static func port(_ text: Substring) -> Int? {
    guard !text.isEmpty else { return defaultPort }
    guard text.first == ":", text.dropFirst().utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let port = UInt16(text.dropFirst()), port > 0
    else { return nil }
    return Int(port)
  }

  public var description: String {
    host.contains(":") ? "https://[\(host)]:\(port)" : "https://\(host):\(port)"
  }
}

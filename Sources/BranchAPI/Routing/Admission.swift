import HTTPTypes

/// Lets a request in or refuses it, before anything of it is read.
struct Admission: Sendable {
  let origin: Origin

  /// - Throws: `hostNotAllowed`, `tokenRequired`, `tokenWrong`.
  func admit(_ request: HTTPRequest, to access: Route.Access?) throws(BranchProblem) {
    guard case .loopback(let digest) = origin else { return }
    guard Self.isOwn(request.authority) else { throw BranchProblem(.hostNotAllowed) }
    // What is not there is nobody's secret.
    guard access == .token else { return }
    guard let field = request.headerFields[.authorization] else {
      throw BranchProblem(.tokenRequired)
    }
    guard BearerToken.isShown(in: field, digest: digest) else { throw BranchProblem(.tokenWrong) }
  }

  /// A page of another host whose name was made to lead here ("DNS rebinding") asks in that name. Any
  /// port will do: a technician may reach it through a tunnel.
  static func isOwn(_ authority: String?) -> Bool {
    guard let authority else { return false }
    for host in ["localhost", "127.0.0.1", "[::1]"] where authority.lowercased().hasPrefix(host) {
      let port = authority.dropFirst(host.count)
      if port.isEmpty { return true }
      return port.first == ":" && port.count <= 6
        && port.dropFirst().utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
    return false
  }
}

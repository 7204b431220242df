import Center
import SmartOTP

/// Lets a request in or refuses it, before anything of it is read.
struct Admission: Sendable {
  let store: any Store
  let limiters: RateLimiters

  /// Whom the request comes from; nil on routes that need no certificate.
  func admit(
    _ access: Access, _ connection: Connection, at now: UnixTime
  ) async throws(Refusal) -> Admitted {
    let peer = try identify(access, connection)
    if let seconds = limiters.take(access, peer: peer, connection: connection) {
      return .tooOften(seconds: Int(seconds.rounded(.up)))
    }
    if let peer { try await checkRevocation(peer, at: now) }
    return .peer(peer)
  }

  enum Admitted {
    case peer(Peer?)
    case tooOften(seconds: Int)
  }

  private func identify(
    _ access: Access, _ connection: Connection
  ) throws(Refusal) -> Peer? {
    switch (access, connection.identity) {
    case (.anyone, _), (.newcomer, _), (.operations, .local): return nil
    case (_, .peer(let peer)):
      guard access.admits(peer.role) else { throw Refusal(.roleNotAllowed) }
      return peer
    case (_, .unusable):
      throw Refusal(
        .certificateRequired, "the client certificate names no institution, device or operator")
    case (_, .unknown), (_, .local): throw Refusal(.certificateRequired)
    }
  }

  /// A connection may outlive its certificate, and a resumed TLS session brings along the one that
  /// began it.
  private func checkRevocation(_ peer: Peer, at now: UnixTime) async throws(Refusal) {
    guard now < peer.expiresAt else {
      throw Refusal(.certificateRequired, "the client certificate has run out: renew it")
    }
    guard let record = try await store.certificate(serial: peer.serial) else {
      throw Refusal(.certificateRequired, "the client certificate is not in the centre's records")
    }
    if record.revokedAt != nil { throw Refusal(.certificateRevoked) }
  }
}

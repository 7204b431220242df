import Synchronization

/// A client's connection: who is at the other end, known once the handshake is done.
final class Connection: Sendable {
  /// The connection whose request is being answered.
  @TaskLocal static var current: Connection?

  enum Identity: Sendable {
    /// No client certificate was shown.
    case unknown
    case peer(Peer)
    /// A certificate of our authority that is nobody's: a server's, or one without a role.
    case unusable
    /// A listener without TLS, on this machine.
    case local
  }

  /// Without port; empty where the operating system names none.
  let remoteAddress: String
  private let state: Mutex<Identity>

  init(remoteAddress: String, identity: Identity = .unknown) {
    self.remoteAddress = remoteAddress
    self.state = Mutex(identity)
  }

  var identity: Identity { state.withLock { $0 } }

  /// Keeps what the handshake's client certificate says.
  func identify(der: [UInt8]) {
    let identity = Peer(der: der).map(Identity.peer) ?? .unusable
    state.withLock { $0 = identity }
  }
}

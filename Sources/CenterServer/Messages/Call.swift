import Center
import Cryptography
import HTTPTypes
import SmartOTP

/// A request that was let in.
struct Call: Sendable {
  let path: PathParameters
  let query: Substring
  let headers: HTTPFields
  /// Nil on routes that need no certificate.
  let peer: Peer?
  let now: UnixTime
  let idempotency: Idempotency?

  var actor: Actor { peer?.actor ?? .anonymous }
  var caller: Caller { Caller(actor, at: now, idempotency: idempotency) }

  /// The calling institution. On a route for institutions there is always one.
  func institution() throws(Refusal) -> InstitutionCode {
    guard case .institution(let code) = actor else { throw Refusal(.roleNotAllowed) }
    return code
  }

  /// The calling device. On a route for devices there is always one.
  func device() throws(Refusal) -> DeviceID {
    guard case .device(let id) = actor else { throw Refusal(.roleNotAllowed) }
    return id
  }

  /// Where keys for the caller go.
  func holder() throws(Refusal) -> Peer {
    guard let peer else { throw Refusal(.certificateRequired) }
    return peer
  }
}

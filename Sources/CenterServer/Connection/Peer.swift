import Cryptography
import SmartOTP

/// Whom a client certificate of the centre's authority names.
struct Peer: Sendable {
  let role: Role
  let actor: Actor
  /// Institution code, device id or operator's name.
  let subject: String
  let serial: [UInt8]
  let expiresAt: UnixTime
  /// What keys for this peer are sealed to.
  let publicKey: P256.PublicKey

  /// Reads a certificate whose chain was verified in the handshake. Nil for one that is not made for
  /// clients, names no role, or does not name its holder by that role's rule.
  init?(der: [UInt8]) {
    guard let certificate = try? Certificate(der: der),
      certificate.extendedKeyUsage?.contains(.clientAuthentication) == true,
      let name = certificate.subject.commonName,
      let role = certificate.subject.organizationalUnit.flatMap(Role.init(rawValue:)),
      let actor = Actor(role: role, name: name),
      let publicKey = try? certificate.publicKey()
    else { return nil }
    self.role = role
    self.actor = actor
    self.subject = name
    self.serial = certificate.serial
    self.expiresAt = UnixTime(certificate.validity.notAfter)
    self.publicKey = publicKey
  }
}

extension Actor {
  /// Whom a certificate's role and common name mean; nil for a name that the role does not allow.
  fileprivate init?(role: Role, name: String) {
    switch role {
    case .institution:
      guard let code = try? InstitutionCode(name) else { return nil }
      self = .institution(code)
    case .device:
      guard let id = try? DeviceID(name) else { return nil }
      self = .device(id)
    case .operator:
      self = .operator(name)
    }
  }
}

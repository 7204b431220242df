import CenterServer
import Cryptography
import Foundation
import SmartOTP
import Testing

/// An accredited authority, and persons whom it certified.
struct TestAccreditation: Sendable {
  let authority: CertificateAuthority
  static let day: Int64 = 86_400

  init() throws {
    let now = UnixTime.now.seconds
    authority = try .root(
      subject: DistinguishedName(commonName: "Accredited root", organization: "Accredited"),
      key: .generate(),
      validity: Validity(notBefore: now - 400 * Self.day, notAfter: now + 400 * Self.day))
  }

  func person(
    _ name: String = "Kim Min-ji", document: String? = "PASKR-M12345678",
    from: Int64 = -day, to: Int64 = day, usage: ExtendedKeyUsage = .emailProtection
  ) throws -> SigningIdentity {
    var attributes: [DistinguishedName.Attribute] = [.init(.country, "KR")]
    if let document { attributes.append(.init(.serialNumber, document)) }
    attributes.append(.init(.commonName, name))
    let key = try P256.PrivateKey.generate()
    let now = UnixTime.now.seconds
    let certificate = try authority.issue(
      to: key.publicKey, subject: DistinguishedName(attributes),
      validity: Validity(notBefore: now + from, notAfter: now + to), usage: usage)
    return try SigningIdentity(certificates: Array(certificate.pem.utf8), key: key.pem())
  }

  /// - Parameter age: how long ago the list was made; it is good for a day.
  func list(revoking revoked: [SigningIdentity] = [], age: Int64 = 60) throws -> RevocationList {
    let now = UnixTime.now.seconds
    return try authority.revocationList(
      of: revoked.map { Revocation(serial: $0.certificate.serial, date: now - age) }, number: 1,
      thisUpdate: now - age, nextUpdate: now - age + Self.day)
  }

  func accredited(_ lists: [RevocationList]? = nil) throws -> AccreditedAuthorities {
    try AccreditedAuthorities(
      roots: [authority.certificate], revocationLists: lists ?? [list()])
  }
}

extension OnlineRegistrationRequest {
  /// A request as an honest customer makes it, but for what is given.
  static func test(
    card: CardIdentity? = nil, institution: String = "088", nonce: String? = nil,
    secondsAgo: Int64 = 0
  ) throws -> OnlineRegistrationRequest {
    OnlineRegistrationRequest(
      card: try card ?? CardIdentity("K01:12345678"), institution: try InstitutionCode(institution),
      nonce: try nonce ?? randomBytes(count: 16).hexadecimal, time: UnixTime.now + -secondsAgo)
  }

  func signed(by identity: SigningIdentity) throws -> SignedRegistrationRequest {
    let content = try [UInt8](JSONEncoder().encode(self))
    return SignedRegistrationRequest(try SignedMessage(signing: content, by: identity).encoding)
  }
}

extension SignedRegistrationRequest {
  init(_ encoding: [UInt8]) {
    self.init(signedRequest: Data(encoding).base64EncodedString())
  }
}

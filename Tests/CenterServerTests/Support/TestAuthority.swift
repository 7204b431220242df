import Center
import CenterServer
import Cryptography
import Foundation
import NIOSSL
import SmartOTP

/// A client certificate with its key.
struct ClientIdentity: Sendable {
  let certificate: Certificate
  let key: P256.PrivateKey

  var chain: [NIOSSLCertificateSource] {
    get throws { [.certificate(try NIOSSLCertificate(bytes: certificate.der, format: .der))] }
  }

  var privateKey: NIOSSLPrivateKeySource {
    get throws {
      .privateKey(
        try NIOSSLPrivateKey(bytes: key.pem().withUnsafeBytes { Array($0) }, format: .pem))
    }
  }

  /// What the store keeps of it.
  func record(_ role: Role) throws -> CertificateRecord {
    CertificateRecord(
      serial: certificate.serial, subject: certificate.subject.commonName ?? "", role: role,
      expiresAt: UnixTime(certificate.validity.notAfter))
  }
}

/// A certificate authority for tests.
struct TestAuthority: Sendable {
  static let day: Int64 = 86_400
  let authority: CertificateAuthority

  init(_ name: String = "test centre") throws {
    let now = UnixTime.now.seconds
    authority = try .root(
      subject: DistinguishedName(commonName: name), key: .generate(),
      validity: Validity(notBefore: now - 30 * Self.day, notAfter: now + 30 * Self.day))
  }

  func server() throws -> ServerIdentity {
    let key = try P256.PrivateKey.generate()
    let hosts = ["localhost", "127.0.0.1"].compactMap(AlternativeName.init(host:))
    let certificate = try authority.issue(
      to: key.publicKey, subject: DistinguishedName(commonName: "server"),
      validity: Self.validity(), usage: .serverAuthentication, hosts: hosts)
    return try ServerIdentity(
      certificates: Array(certificate.pem.utf8), key: key.pem().withUnsafeBytes { Array($0) })
  }

  /// - Parameter role: the organizational unit; nil for none.
  func client(
    _ name: String, role: String?, usage: ExtendedKeyUsage = .clientAuthentication,
    validity: Validity = Self.validity()
  ) throws -> ClientIdentity {
    let key = try P256.PrivateKey.generate()
    let certificate = try authority.issue(
      to: key.publicKey, subject: DistinguishedName(commonName: name, organizationalUnit: role),
      validity: validity, usage: usage)
    return ClientIdentity(certificate: certificate, key: key)
  }

  static func validity(from: Int64 = -day, to: Int64 = day) -> Validity {
    let now = UnixTime.now.seconds
    return Validity(notBefore: now + from, notAfter: now + to)
  }
}

extension UnixTime {
  static var now: UnixTime { UnixTime(Int64(Date().timeIntervalSince1970)) }
}

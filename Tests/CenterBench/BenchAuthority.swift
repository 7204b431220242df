import Center
import CenterStore
import Cryptography
import Foundation
import NIOSSL
import SmartOTP

/// The centre's own authority, which certifies the bench's clients.
struct BenchAuthority: Sendable {
  let authority: CertificateAuthority

  init(directory: String) throws {
    authority = try CertificateAuthority(
      certificate: Certificate(pem: Self.read(directory + "/ca.pem")),
      key: P256.PrivateKey(pem: SecretBytes(Self.read(directory + "/ca.key"))))
  }

  func client(_ name: String, _ role: Role) throws -> BenchClient {
    let key = try P256.PrivateKey.generate()
    let now = UnixTime.now
    let certificate = try authority.issue(
      to: key.publicKey,
      subject: DistinguishedName(commonName: name, organizationalUnit: role.rawValue),
      validity: Validity(notBefore: now.seconds - 60, notAfter: now.seconds + 86_400),
      usage: .clientAuthentication)
    return BenchClient(
      certificate: certificate, key: key, authority: authority.certificate,
      record: CertificateRecord(
        serial: certificate.serial, subject: name, role: role, expiresAt: now + 86_400))
  }

  private static func read(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
  }
}

struct BenchClient: Sendable {
  let certificate: Certificate
  let key: P256.PrivateKey
  let authority: Certificate
  let record: CertificateRecord

  func context() throws -> NIOSSLContext {
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.minimumTLSVersion = .tlsv13
    tls.trustRoots = .certificates([try NIOSSLCertificate(bytes: authority.der, format: .der)])
    tls.certificateChain = [
      .certificate(try NIOSSLCertificate(bytes: certificate.der, format: .der))
    ]
    tls.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: keyText(), format: .pem))
    return try NIOSSLContext(configuration: tls)
  }

  /// `prefix.pem` and `prefix.key`.
  func write(_ prefix: String) throws {
    try Data(certificate.pem.utf8).write(to: URL(fileURLWithPath: prefix + ".pem"))
    try Data(keyText()).write(to: URL(fileURLWithPath: prefix + ".key"))
  }

  private func keyText() throws -> [UInt8] { try key.pem().withUnsafeBytes { Array($0) } }
}

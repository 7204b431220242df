import Cryptography
import Glibc
import NIOSSL

@testable import CenterClient

/// A certificate authority and what it issued, for one test.
struct TestAuthority {
  let authority: CertificateAuthority

  init(_ name: String = "centre") throws {
    authority = try CertificateAuthority.root(
      subject: DistinguishedName(commonName: name), key: .generate(),
      validity: Self.validity(from: -3600, to: 86_400))
  }

  static func validity(from start: Int64, to end: Int64) -> Validity {
    let now = Int64(time(nil))
    return Validity(notBefore: now + start, notAfter: now + end)
  }

  var pem: [UInt8] { Array(authority.certificate.pem.utf8) }

  func identity(
    _ name: String = "dev-7ZK3QJ0V5N2M8R4T", role: String = "device",
    validity: Validity = validity(from: -3600, to: 3600)
  ) throws -> ClientIdentity {
    let key = try P256.PrivateKey.generate()
    let certificate = try authority.issue(
      to: key.publicKey,
      subject: DistinguishedName(commonName: name, organizationalUnit: role),
      validity: validity, usage: .clientAuthentication)
    return ClientIdentity(
      certificates: Array(certificate.pem.utf8) + pem, key: try key.pem())
  }

  /// The settings of a server with a certificate for `host`.
  func server(
    host: String = "localhost", version: TLSVersion = .tlsv13,
    clients: TestAuthority? = nil
  ) throws -> TLSConfiguration {
    let key = try P256.PrivateKey.generate()
    let certificate = try authority.issue(
      to: key.publicKey, subject: DistinguishedName(commonName: host),
      validity: Self.validity(from: -3600, to: 3600), usage: .serverAuthentication,
      hosts: [AlternativeName(host: host)].compactMap(\.self))
    let chain = try NIOSSLCertificate.fromPEMBytes(Array(certificate.pem.utf8))
    let native = try key.pem().withUnsafeBytes {
      try NIOSSLPrivateKey(bytes: Array($0), format: .pem)
    }
    var settings = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(native))
    settings.minimumTLSVersion = version == .tlsv13 ? .tlsv13 : .tlsv12
    settings.maximumTLSVersion = version
    settings.trustRoots = .certificates(
      try NIOSSLCertificate.fromPEMBytes((clients ?? self).pem))
    settings.certificateVerification = .optionalVerification
    return settings
  }
}

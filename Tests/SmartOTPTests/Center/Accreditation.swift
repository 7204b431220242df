import CenterServer
import Cryptography
import Foundation
import SmartOTP
import Testing

/// An authority whose certificates stand for persons.
struct Accreditation {
  private let authority: CertificateAuthority

  init() throws {
    authority = try CertificateAuthority.root(
      subject: DistinguishedName(commonName: "accredited"), key: .generate(),
      validity: TestCentre.validity(days: 30))
  }

  func authorities() throws -> AccreditedAuthorities {
    let now = UnixTime.testNow.seconds
    return try AccreditedAuthorities(
      roots: [authority.certificate],
      revocationLists: [
        authority.revocationList(
          of: [], number: 1, thisUpdate: now - 60, nextUpdate: now + 86_400)
      ])
  }

  /// A person's certificate and key in one PEM text.
  ///
  /// - Parameter document: as ETSI EN 319 412-1 writes it in the subject's serial number.
  func customer(name: String, document: String) throws -> String {
    let key = try P256.PrivateKey.generate()
    let certificate = try authority.issue(
      to: key.publicKey,
      subject: DistinguishedName([
        .init(.country, "KR"), .init(.serialNumber, document), .init(.commonName, name),
      ]),
      validity: TestCentre.validity(days: 30), usage: .emailProtection)
    let text = try key.pem().withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    return certificate.pem + text
  }

  /// The same as a browser exports it.
  func makePKCS12(of pem: String, at path: String, passphraseFile: String) throws {
    let openssl = Process()
    openssl.executableURL = URL(filePath: "/usr/bin/openssl")
    openssl.arguments = [
      "pkcs12", "-export", "-in", pem, "-out", path, "-passout", "file:\(passphraseFile)",
    ]
    try openssl.run()
    openssl.waitUntilExit()
    try #require(openssl.terminationStatus == 0)
  }
}

import COpenSSL
import Glibc
import TestMaterial
import Testing

@testable import Cryptography

/// Damaged inputs for each parser: every one gives a value or a typed error. HOSTILE_BYTES_COUNT says
/// how many, for a longer run than the usual.
@Suite("Hostile bytes")
struct HostileBytesTests {
  private static let count =
    getenv("HOSTILE_BYTES_COUNT").flatMap { Int(String(cString: $0)) } ?? 10_000

  private let hierarchy: Hierarchy
  init() throws { hierarchy = try Hierarchy() }

  /// Feeds mutations of `seeds`, one to three each. The seeds themselves must be accepted, or the
  /// parser would not be reached in depth.
  private func feed(
    _ seeds: [[UInt8]], seed: UInt64, count: Int = count, to parse: ([UInt8]) throws -> Bool
  ) rethrows {
    var generator = SeededGenerator(seed: seed)
    for seed in seeds { #expect(try parse(seed)) }
    var accepted = 0
    for index in 0..<count {
      var bytes = seeds[index % seeds.count]
      for _ in 0...generator.next() % 3 { bytes = generator.mutated(bytes) }
      if try parse(bytes) { accepted += 1 }
    }
    #expect(accepted < count / 2)
    #expect(ERR_peek_error() == 0, "a failure was left on libcrypto's queue")
  }

  @Test("Certificates")
  func certificates() {
    feed([hierarchy.client.der, hierarchy.root.certificate.der], seed: 1) { bytes in
      guard let certificate = try? Certificate(der: bytes) else { return false }
      return !certificate.subject.description.isEmpty
    }
  }

  @Test("Certificate requests")
  func requests() throws {
    let request = try CertificateRequest(
      key: hierarchy.clientKey, subject: DistinguishedName(commonName: "device-1"))
    feed([request.der], seed: 2) { (try? CertificateRequest(der: $0)) != nil }
  }

  @Test("Revocation lists")
  func revocationLists() throws {
    let lists = try hierarchy.lists(
      rootRevokes: [hierarchy.issuing.certificate], issuingRevokes: [hierarchy.client])
    feed(lists.map(\.der), seed: 3) { bytes in
      guard let list = try? RevocationList(der: bytes) else { return false }
      _ = try? list.revocation(ofSerial: hierarchy.client.serial)
      return true
    }
  }

  @Test("Signed messages, verified where they can be read")
  func signedMessages() throws {
    let identity = try SigningIdentity(
      certificates: Array((hierarchy.client.pem + hierarchy.issuing.certificate.pem).utf8),
      key: hierarchy.clientKey.pem())
    let messages = try [false, true].map {
      try SignedMessage(signing: [1, 2, 3], by: identity, detached: $0).encoding
    }
    feed(messages, seed: 4) { bytes in
      guard let message = try? SignedMessage(bytes) else { return false }
      return (try? message.verify(content: [1, 2, 3])) != nil
    }
  }

  @Test("PEM")
  func pem() {
    let text = Array(hierarchy.client.pem.utf8)
    feed([text, text + text], seed: 5) { (try? PEM.blocks(in: $0)) != nil }
  }

  @Test("Key envelopes")
  func keyEnvelopes() throws {
    let envelope = try KeyEnvelope.seal(
      SecretBytes([1, 2, 3]), to: hierarchy.clientKey.publicKey, associatedData: [])
    feed([envelope], seed: 6) {
      (try? KeyEnvelope.open($0, with: hierarchy.clientKey, associatedData: [])) != nil
    }
  }

  @Test("Private keys, in PEM and PKCS#8")
  func privateKeys() throws {
    let text = try hierarchy.clientKey.pem().withUnsafeBytes { Array($0) }
    // libcrypto tries every form of key there is, which takes milliseconds.
    feed([text], seed: 7, count: Self.count / 10) {
      (try? P256.PrivateKey(pem: SecretBytes($0))) != nil
    }
    let key = try hierarchy.clientKey.pkcs8().withUnsafeBytes { Array($0) }
    feed([key], seed: 8) { (try? P256.PrivateKey(pkcs8: SecretBytes($0))) != nil }
  }

  @Test("PKCS#12 files")
  func pkcs12() throws {
    let file = try container()
    let passphrase = SecretBytes([])
    feed([file], seed: 9) {
      (try? SigningIdentity(pkcs12: $0, passphrase: passphrase)) != nil
    }
  }

  /// Without MAC and encryption, so that mutations are looked at inside.
  private func container() throws -> [UInt8] {
    try hierarchy.clientKey.key.withPointer { key throws(CryptographyError) in
      try hierarchy.client.native.withPointer { certificate throws(CryptographyError) in
        let container = PKCS12_create(nil, nil, key, certificate, nil, -1, -1, 0, -1, 0)
        defer { PKCS12_free(container) }
        return try encoded(container, "i2d_PKCS12", with: i2d_PKCS12)
      }
    }
  }
}

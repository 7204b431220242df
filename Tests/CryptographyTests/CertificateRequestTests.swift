import Testing

@testable import Cryptography

@Suite("Certificate requests")
struct CertificateRequestTests {
  private let key: P256.PrivateKey
  private let request: CertificateRequest

  init() throws {
    key = try P256.PrivateKey.generate()
    request = try CertificateRequest(
      key: key, subject: DistinguishedName(commonName: "지점 7", organization: "Example Bank"))
  }

  @Test("A request tells its subject and key, in DER and PEM")
  func roundTrip() throws {
    for read in [
      try CertificateRequest(der: request.der),
      try CertificateRequest(pem: Array(request.pem.utf8)),
    ] {
      #expect(read.subject.description == "CN=지점 7,O=Example Bank")
      #expect(read.publicKey == key.publicKey)
      #expect(read.der == request.der)
    }
  }

  @Test("No changed bit goes unnoticed")
  func tampering() {
    for index in request.der.indices {
      var damaged = request.der
      damaged[index] ^= 0x01
      #expect(throws: CryptographyError.self) { try CertificateRequest(der: damaged) }
    }
    for end in request.der.indices {
      #expect(reason { try CertificateRequest(der: Array(request.der[..<end])) } == .malformed)
    }
    #expect(reason { try CertificateRequest(der: request.der + [0]) } == .malformed)
  }

  @Test("A request for someone else's key is refused")
  func foreignKey() throws {
    let victim = try P256.PrivateKey.generate().publicKey
    var forged = request.der
    let place = try #require(forged.firstRange(of: key.publicKey.spki))
    forged.replaceSubrange(place, with: victim.spki)
    #expect(reason { try CertificateRequest(der: forged) } == .badSignature)
  }

  @Test("openssl reads and verifies ours", .enabled(if: OpenSSLCommand.isInstalled))
  func oursThere() throws {
    let files = try OpenSSLCommand()
    defer { files.remove() }
    try files.write(Array(request.pem.utf8), to: "request.pem")
    let text = try files.run(
      "req -in request.pem -verify -noout -subject -nameopt RFC2253,utf8,-esc_msb")
    #expect(text == "subject=CN=지점 7,O=Example Bank\n")
  }

  @Test(
    "openssl's are read; those of another key or hash are refused",
    .enabled(if: OpenSSLCommand.isInstalled))
  func theirsHere() throws {
    let files = try OpenSSLCommand()
    defer { files.remove() }
    try files.run(
      "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem",
      "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out p384.pem",
      "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.pem",
      "req -new -key key.pem -subj /O=Bank/CN=device-1 -out good.pem",
      "req -new -newhdr -key key.pem -subj /O=Bank/CN=device-1 -out newhdr.pem",
      "req -new -key key.pem -sha384 -subj /CN=device-1 -out hash.pem",
      "req -new -key p384.pem -subj /CN=device-1 -out curve.pem",
      "req -new -key rsa.pem -subj /CN=device-1 -out rsa-request.pem")
    for name in ["good.pem", "newhdr.pem"] {
      let request = try CertificateRequest(pem: files.read(name))
      #expect(request.subject.commonName == "device-1")
      #expect(request.subject.organization == "Bank")
    }
    #expect(reason { try CertificateRequest(pem: files.read("hash.pem")) } == .badSignature)
    #expect(reason { try CertificateRequest(pem: files.read("curve.pem")) } == .invalidKey)
    #expect(reason { try CertificateRequest(pem: files.read("rsa-request.pem")) } == .invalidKey)
  }
}

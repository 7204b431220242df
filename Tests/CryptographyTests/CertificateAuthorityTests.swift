import TestMaterial
import Testing

@testable import Cryptography

@Suite("Certificate authority")
struct CertificateAuthorityTests {
  static let start: Int64 = 1_795_500_000
  static let validity = Validity(notBefore: start, notAfter: start + 730 * 86_400)
  private let root: CertificateAuthority
  private let device: P256.PrivateKey

  init() throws {
    device = try .generate()
    root = try .root(
      subject: DistinguishedName(commonName: "Smart OTP Root", organization: "Centre"),
      key: .generate(), validity: Self.validity)
  }

  private func issue(_ usage: ExtendedKeyUsage = .clientAuthentication) throws -> Certificate {
    try root.issue(
      to: device.publicKey,
      subject: DistinguishedName(commonName: "device-1", organizationalUnit: "device"),
      validity: Self.validity, usage: usage)
  }

  @Test("A root is an authority that names itself and may issue leaves only")
  func rootFields() throws {
    let certificate = root.certificate
    #expect(certificate.isAuthority)
    #expect(certificate.pathLength == 0)
    #expect(certificate.issuer == certificate.subject)
    #expect(certificate.keyUsage == [.certificateSigning, .revocationListSigning])
    #expect(certificate.extendedKeyUsage == nil)
    #expect(certificate.validity == Self.validity)
    #expect(certificate.subjectKeyIdentifier?.count == 20)
  }

  @Test("A device certificate says whose it is, for what and how long")
  func leafFields() throws {
    let certificate = try issue()
    #expect(certificate.subject.commonName == "device-1")
    #expect(certificate.subject.organizationalUnit == "device")
    #expect(certificate.subject.organization == nil)
    #expect(certificate.issuer == root.certificate.subject)
    #expect(certificate.validity == Self.validity)
    #expect(certificate.keyUsage == .digitalSignature)
    #expect(certificate.extendedKeyUsage == .clientAuthentication)
    #expect(!certificate.isAuthority)
    #expect(certificate.pathLength == nil)
    #expect(try certificate.publicKey() == device.publicKey)
    #expect(certificate.authorityKeyIdentifier == root.certificate.subjectKeyIdentifier)
    #expect(certificate.fingerprint == (try sha256(certificate.der)))
  }

  @Test("Serial numbers are 16 random bytes, positive, or the caller's")
  func serials() throws {
    let first = try issue()
    #expect(first.serial.count == 16)
    #expect((0x40...0x7F).contains(first.serial[0]))
    #expect(try issue().serial != first.serial)
    func numbered(_ serial: [UInt8]) throws -> Certificate {
      try root.issue(
        to: device.publicKey, subject: DistinguishedName(commonName: "x"),
        validity: Self.validity, usage: .clientAuthentication, serial: serial)
    }
    #expect(try numbered([1]).serial == [1])
    for serial in [[], [0], [0, 1], [0x80], [UInt8](repeating: 1, count: 21)] {
      #expect(reason { try numbered(serial) } == .invalidInput)
    }
  }

  @Test("Certificates survive DER and PEM, one or a file of them")
  func encodings() throws {
    let leaf = try issue()
    #expect(try Certificate(der: leaf.der) == leaf)
    #expect(try Certificate(pem: Array(leaf.pem.utf8)) == leaf)
    let file = Array(("# leaf\n" + leaf.pem + "# root\n" + root.certificate.pem).utf8)
    #expect(try Certificate.chain(pem: file) == [leaf, root.certificate])
    #expect(reason { try Certificate(pem: file) } == .malformed)
    #expect(reason { try Certificate.chain(pem: []) } == .malformed)
    #expect(reason { try Certificate(der: leaf.der + [0]) } == .malformed)
    for end in leaf.der.indices {
      #expect(reason { try Certificate(der: Array(leaf.der[..<end])) } == .malformed)
    }
  }

  @Test("A second encoding of the same certificate is refused")
  func secondEncoding() throws {
    let der = try issue().der
    // The length in three octets where two are enough.
    #expect(der[1] == 0x82)
    #expect(
      reason { try Certificate(der: [0x30, 0x83, 0] + der.dropFirst(2)) } == .malformed)
  }

  @Test("A negative serial number and an unreadable extension are malformed")
  func malformedFields() throws {
    let leaf = try issue()
    var negative = leaf.der
    let serial = try #require(negative.firstRange(of: leaf.serial))
    negative[serial.lowerBound] |= 0x80
    #expect(reason { try Certificate(der: negative) } == .malformed)
    var unreadable = leaf.der
    // digitalSignature as a BIT STRING, made a NULL.
    let usage = try #require(unreadable.firstRange(of: [3, 2, 7, 0x80]))
    unreadable[usage.lowerBound] = 5
    #expect(reason { try Certificate(der: unreadable) } == .malformed)
  }

  @Test("An authority is taken up again only with its own key and an authority's certificate")
  func reopening() throws {
    let key = try P256.PrivateKey(pem: root.key.pem())
    let again = try CertificateAuthority(certificate: root.certificate, key: key)
    #expect(again.certificate == root.certificate)
    #expect(
      reason { try CertificateAuthority(certificate: root.certificate, key: device) }
        == .invalidInput)
    #expect(reason { try CertificateAuthority(certificate: issue(), key: device) } == .invalidInput)
  }

  @Test("Impossible wishes are refused")
  func refusals() throws {
    let subject = try DistinguishedName(commonName: "x")
    for validity in [
      Validity(notBefore: 2, notAfter: 1), Validity(notBefore: -1, notAfter: 1),
      Validity(notBefore: 0, notAfter: .max),
    ] {
      #expect(
        reason {
          try root.issue(
            to: device.publicKey, subject: subject, validity: validity,
            usage: .clientAuthentication)
        } == .invalidInput)
    }
    #expect(reason { try issue([]) } == .invalidInput)
  }

  @Test(
    "Times before and after 2050 are kept to the second",
    arguments: [0, 2_524_607_999, 2_524_608_000, 253_402_300_799])
  func times(notAfter: Int64) throws {
    let validity = Validity(notBefore: 0, notAfter: notAfter)
    let certificate = try root.issue(
      to: device.publicKey, subject: DistinguishedName(commonName: "x"), validity: validity,
      usage: .clientAuthentication)
    #expect(certificate.validity == validity)
  }
}

@Suite("Certificates and the openssl command", .enabled(if: OpenSSLCommand.isInstalled))
struct CertificateCommandTests {
  @Test("openssl verifies what we issue, for its purposes, names and path only")
  func oursThere() throws {
    let files = try OpenSSLCommand()
    defer { files.remove() }
    let validity = CertificateAuthorityTests.validity
    let root = try CertificateAuthority.root(
      subject: DistinguishedName(commonName: "Root"), key: .generate(), validity: validity,
      pathLength: 1)
    let issuingKey = try P256.PrivateKey.generate()
    let issuing = try CertificateAuthority(
      certificate: root.issueAuthority(
        to: issuingKey.publicKey, subject: DistinguishedName(commonName: "Issuing"),
        validity: validity),
      key: issuingKey)
    let hosts = ["centre.example", "*.example", "192.0.2.7", "2001:db8::7"]
    let server = try issuing.issue(
      to: P256.PrivateKey.generate().publicKey, subject: DistinguishedName(commonName: "centre"),
      validity: validity, usage: .serverAuthentication,
      hosts: hosts.compactMap(AlternativeName.init(host:)))
    for (name, certificate) in [
      ("root.pem", root.certificate), ("issuing.pem", issuing.certificate), ("server.pem", server),
    ] { try files.write(Array(certificate.pem.utf8), to: name) }

    let verify =
      "verify -x509_strict -attime \(validity.notBefore + 1) -CAfile root.pem"
      + " -untrusted issuing.pem -purpose"
    #expect(try files.run("\(verify) sslserver server.pem") == "server.pem: OK\n")
    for host in [
      "-verify_hostname centre.example", "-verify_ip 192.0.2.7", "-verify_ip 2001:db8::7",
    ] {
      try files.run("\(verify) sslserver \(host) server.pem")
    }
    for refused in [
      "sslclient server.pem", "sslserver -verify_hostname other.test server.pem",
      "sslserver -verify_ip 192.0.2.8 server.pem",
    ] {
      let line = "\(verify) \(refused)".split(separator: " ").map(String.init)
      #expect(try files.run(line).status != 0)
    }
    let serial = try files.run("x509 -in server.pem -noout -serial")
    #expect(serial == "serial=\(hex(server.serial).uppercased())\n")
    let fingerprint = try files.run("x509 -in server.pem -noout -fingerprint -sha256")
    #expect(
      fingerprint.filter { $0 != ":" }.lowercased().contains("=\(hex(server.fingerprint))"))
  }

  @Test("Fields of openssl's certificates are read, RSA and EC")
  func theirsHere() throws {
    let files = try OpenSSLCommand()
    defer { files.remove() }
    let subject = "/C=KR/O=Accredited CA/OU=Personal+UID=u-77/serialNumber=S1/CN=Kim, Example"
    for key in ["rsa:2048", "ec -pkeyopt ec_paramgen_curve:P-384"] {
      let line =
        "req -x509 -nodes -newkey \(key) -keyout key.pem -days 3 -set_serial 0xA1B2 -out c.pem"
        + " -addext keyUsage=digitalSignature,nonRepudiation"
        + " -addext extendedKeyUsage=clientAuth,emailProtection"
      let arguments =
        line.split(separator: " ").map(String.init) + ["-multivalue-rdn", "-subj", subject]
      try #require(try files.run(arguments).status == 0)
      let certificate = try Certificate(pem: files.read("c.pem"))
      #expect(certificate.serial == [0xA1, 0xB2])
      #expect(certificate.subject.commonName == "Kim, Example")
      #expect(certificate.subject.value(of: .userID) == "u-77")
      #expect(certificate.subject.value(of: .serialNumber) == "S1")
      #expect(certificate.subject.value(of: .country) == "KR")
      #expect(certificate.keyUsage == [.digitalSignature, .nonRepudiation])
      #expect(certificate.extendedKeyUsage == [.clientAuthentication, .emailProtection])
      #expect(certificate.validity.notAfter - certificate.validity.notBefore == 3 * 86_400)
      #expect(reason { try certificate.publicKey() } == .invalidKey)
    }
  }
}

import Foundation
import TestMaterial
import Testing

@testable import Cryptography

// Certificates of the openssl command start at the present second.
private var now: Int64 { Int64(Date().timeIntervalSince1970) + 1 }

/// What `openssl cms` signs and how it comes out of the message.
private let content = Array("serial=12345678\r\nvendor=K01\r\n".utf8)

private func failure<T>(_ body: () throws(SignedMessageError) -> T) -> SignedMessageError? {
  do {
    _ = try body()
    return nil
  } catch { return error }
}

@Suite("Messages signed by openssl cms", .enabled(if: OpenSSLCommand.isInstalled))
struct SignedMessageTests {
  private static let keys = ["rsa:2048", "ec:P-256", "ec:P-384"]

  /// A directory with an accredited authority, the signer `kim` and the content; removed afterwards.
  private func withSigner(
    key: String = "ec:P-256", _ body: (OpenSSLCommand, CommandAuthority) throws -> Void
  ) throws {
    let files = try OpenSSLCommand()
    defer { files.remove() }
    let authority = try CommandAuthority(files, key: key)
    try authority.issue("kim", key: key)
    try files.write(content, to: "content")
    try body(files, authority)
  }

  private func sign(
    _ files: OpenSSLCommand, _ options: String = "", by name: String = "kim"
  ) throws -> [UInt8] {
    try files.run(
      "cms -sign -binary -nodetach -in content -signer \(name).pem -inkey \(name).key"
        + " -outform DER -out message \(options)")
    return try files.read("message")
  }

  @Test("Content, signer and time come out, DER or PEM, RSA or EC", arguments: keys)
  func accepted(key: String) throws {
    try withSigner(key: key) { files, authority in
      let root = try Certificate(pem: files.read("root.pem"))
      let store = try TrustStore(roots: [root], revocationLists: [authority.list()])
      for options in ["", "-outform PEM", "-md sha512", "-keyid", "-stream -indef"] {
        let message = try SignedMessage(sign(files, options))
        #expect(!message.isDetached)
        let verified = try message.verify()
        #expect(verified.content == content)
        #expect(verified.signer.subject.commonName == "kim")
        #expect(verified.signer.subject.value(of: .userID) == "u-1")
        #expect(try abs(#require(verified.signingTime) - now) < 600)
        let chain = try CertificateChain(
          of: verified.signer, intermediates: verified.certificates, to: store, at: now,
          for: .messageSigning)
        #expect(chain.root == root)
      }
    }
  }

  @Test("RSA-PSS signatures, and those without signed attributes, are verified too")
  func otherForms() throws {
    try withSigner(key: "rsa:2048") { files, _ in
      let pss = try SignedMessage(sign(files, "-keyopt rsa_padding_mode:pss")).verify()
      #expect(pss.content == content)
      let bare = try SignedMessage(sign(files, "-noattr")).verify()
      #expect(bare.content == content)
      #expect(bare.signingTime == nil)
    }
  }

  @Test("Detached content is verified when given, and only that content")
  func detached() throws {
    try withSigner { files, _ in
      try files.run(
        "cms -sign -binary -in content -signer kim.pem -inkey kim.key -outform PEM -out message")
      let message = try SignedMessage(files.read("message"))
      #expect(message.isDetached)
      #expect(try message.verify(content: content).content == content)
      #expect(failure { () throws(SignedMessageError) in try message.verify() } == .contentMissing)
      for other in [[], content + [0], Array(content.dropLast())] {
        #expect(
          failure { () throws(SignedMessageError) in try message.verify(content: other) }
            == .badSignature)
      }
      let attached = try SignedMessage(sign(files))
      #expect(try attached.verify(content: content).content == content)
      #expect(
        failure { () throws(SignedMessageError) in try attached.verify(content: [1]) }
          == .badSignature)
    }
  }

  @Test("Changed content and changed signatures are noticed", arguments: ["rsa:2048", "ec:P-256"])
  func tampered(key: String) throws {
    try withSigner(key: key) { files, _ in
      let der = try sign(files)
      let place = try #require(der.firstRange(of: content))
      for index in [place.lowerBound, place.upperBound - 1, der.count - 1] {
        var changed = der
        changed[index] ^= 1
        let message = try SignedMessage(changed)
        #expect(
          failure { () throws(SignedMessageError) in try message.verify() } == .badSignature)
      }
    }
  }

  @Test("A changed signing time is noticed")
  func changedTime() throws {
    try withSigner { files, _ in
      let der = try sign(files)
      // signingTime's object identifier, then SET and UTCTime.
      let identifier = hex("06092a864886f70d010905")
      let place = try #require(der.firstRange(of: identifier)).upperBound
      var changed = der
      changed[place + 4] ^= 1
      let message = try SignedMessage(changed)
      #expect(failure { () throws(SignedMessageError) in try message.verify() } == .badSignature)
    }
  }

  @Test("MD5 and SHA-1 are refused as weak", arguments: ["md5", "sha1", "sha224"])
  func weakDigests(digest: String) throws {
    try withSigner(key: "rsa:2048") { files, _ in
      let message = try SignedMessage(sign(files, "-md \(digest)"))
      #expect(failure { () throws(SignedMessageError) in try message.verify() } == .weakDigest)
    }
  }

  @Test("No signer, two signers and other kinds of message are told apart")
  func signerCounts() throws {
    try withSigner { files, authority in
      try authority.issue("lee", key: "ec:P-256")
      let two = try sign(files, "-signer lee.pem -inkey lee.key")
      #expect(
        failure { () throws(SignedMessageError) in try SignedMessage(two) } == .moreThanOneSigner)
      try files.run(
        "crl2pkcs7 -nocrl -certfile kim.pem -outform DER -out none",
        "cms -data_create -binary -in content -outform DER -out data",
        "cms -encrypt -binary -in content -outform DER -out enveloped kim.pem")
      try files.write(sign(files, "-econtent_type 1.2.3.4"), to: "other-content")
      for (name, expected) in [
        ("none", SignedMessageError.noSigner), ("data", .malformed), ("enveloped", .malformed),
        ("other-content", .malformed),
      ] {
        let bytes = try files.read(name)
        #expect(failure { () throws(SignedMessageError) in try SignedMessage(bytes) } == expected)
      }
    }
  }

  @Test("A certificate that is not in the message can be given")
  func certificateApart() throws {
    try withSigner { files, _ in
      let message = try SignedMessage(sign(files, "-nocerts"))
      #expect(
        failure { () throws(SignedMessageError) in try message.verify() }
          == .signerCertificateMissing)
      let kim = try Certificate(pem: files.read("kim.pem"))
      let verified = try message.verify(certificates: [kim])
      #expect(verified.signer == kim)
      #expect(verified.certificates.isEmpty)
    }
  }

  @Test("Truncated, padded and empty messages are malformed")
  func malformed() throws {
    try withSigner { files, _ in
      let der = try sign(files)
      for bytes in [[], [0x30], der + [0], PEM.bytes("CERTIFICATE", der)] {
        #expect(failure { () throws(SignedMessageError) in try SignedMessage(bytes) } == .malformed)
      }
      for end in stride(from: 0, to: der.count, by: 7) {
        let bytes = Array(der[..<end])
        #expect(failure { () throws(SignedMessageError) in try SignedMessage(bytes) } == .malformed)
      }
    }
  }

  @Test("Expired, future, foreign, revoked and unsuitable signers each have their reason")
  func chains() throws {
    try withSigner { files, authority in
      try authority.issue(
        "old", key: "ec:P-256", options: "-startdate 20200101000000Z -enddate 20210101000000Z")
      try authority.issue(
        "young", key: "ec:P-256", options: "-startdate 20900101000000Z -enddate 20910101000000Z")
      try authority.issue("server", key: "ec:P-256", extensions: "server")
      try authority.issue("unknown", key: "ec:P-256", extensions: "unknown")
      try authority.issue("small", key: "rsa:1024")
      try authority.issue("lost", key: "ec:P-256")
      try authority.revoke("lost", reason: "keyCompromise")
      let root = try Certificate(pem: files.read("root.pem"))
      let store = try TrustStore(roots: [root], revocationLists: [authority.list()])
      let withoutList = try TrustStore(roots: [root])
      let foreign = try TrustStore(roots: [Hierarchy().root.certificate])
      let cases: [(String, TrustStore, ChainError.Reason?)] = [
        ("kim", store, nil), ("old", store, .expired), ("young", store, .notYetValid),
        ("server", store, .wrongPurpose), ("unknown", store, .malformed),
        ("small", store, .weakAlgorithm),
        ("lost", store, .revoked), ("kim", withoutList, .crlMissing), ("kim", foreign, .untrusted),
      ]
      for (name, store, expected) in cases {
        let verified = try SignedMessage(sign(files, by: name)).verify()
        var found: ChainError.Reason?
        do throws(ChainError) {
          _ = try CertificateChain(
            of: verified.signer, intermediates: verified.certificates, to: store, at: now,
            for: .messageSigning)
        } catch { found = error.reason }
        #expect(found == expected, "\(name)")
      }
    }
  }
}

@Suite("Messages we sign")
struct MessageSigningTests {
  /// The same issuer and serial number for two keys: which certificate is meant cannot be told.
  @Test("A twin of the signer's certificate with another key does not verify")
  func twin() throws {
    let hierarchy = try Hierarchy()
    func twin() throws -> (Certificate, SigningIdentity) {
      let key = try P256.PrivateKey.generate()
      let certificate = try hierarchy.issuing.issue(
        to: key.publicKey, subject: DistinguishedName(commonName: "Twin"),
        validity: Hierarchy.validity, usage: .emailProtection, serial: [7])
      return (
        certificate,
        try SigningIdentity(certificates: Array(certificate.pem.utf8), key: key.pem())
      )
    }
    let (first, identity) = try twin()
    let (second, _) = try twin()
    let message = try SignedMessage(signing: content, by: identity)
    #expect(try message.verify().signer == first)
    #expect(try message.verify(certificates: [first, second]).signer == first)
    #expect(
      failure { () throws(SignedMessageError) in try message.verify(certificates: [second]) }
        == .badSignature)
  }

  @Test("Any content survives, the empty one too", arguments: [0, 1, 100, 100_000])
  func contents(count: Int) throws {
    let hierarchy = try Hierarchy()
    let identity = try SigningIdentity(
      certificates: Array((hierarchy.client.pem + hierarchy.issuing.certificate.pem).utf8),
      key: hierarchy.clientKey.pem())
    let bytes = [UInt8](repeating: 0x0A, count: count)
    let message = try SignedMessage(signing: bytes, by: identity)
    let verified = try SignedMessage(Array(message.pem.utf8)).verify()
    #expect(verified.content == bytes)
    #expect(Set(verified.certificates) == [hierarchy.client, hierarchy.issuing.certificate])
    let detached = try SignedMessage(signing: bytes, by: identity, detached: true)
    #expect(detached.isDetached)
    #expect(try detached.verify(content: bytes).content == bytes)
  }

  @Test("A signature algorithm that names a weak digest is refused")
  func weakSignatureAlgorithm() throws {
    let hierarchy = try Hierarchy()
    let identity = try SigningIdentity(
      certificates: Array(hierarchy.client.pem.utf8), key: hierarchy.clientKey.pem())
    var changed = try SignedMessage(signing: content, by: identity).encoding
    // The last ecdsa-with-SHA256 is the signer's; with SHA-224 it ends in 1.
    let identifier = hex("06082a8648ce3d040302")
    let place = try #require(changed.ranges(of: identifier).last)
    changed[place.upperBound - 1] = 1
    let message = try SignedMessage(changed)
    #expect(failure { () throws(SignedMessageError) in try message.verify() } == .weakDigest)
  }

  @Test("A message with more certificates than any path needs is refused")
  func manyCertificates() throws {
    let hierarchy = try Hierarchy()
    func message(with count: UInt8) throws -> SignedMessage {
      var file = hierarchy.client.pem
      for serial in 1...count {
        file += try hierarchy.root.issue(
          to: hierarchy.clientKey.publicKey, subject: DistinguishedName(commonName: "Other"),
          validity: Hierarchy.validity, usage: .any, serial: [serial]
        ).pem
      }
      let identity = try SigningIdentity(
        certificates: Array(file.utf8), key: hierarchy.clientKey.pem())
      return try SignedMessage(signing: content, by: identity)
    }
    #expect(try message(with: 63).verify().certificates.count == 64)
    let tooMany = try message(with: 64)
    #expect(failure { () throws(SignedMessageError) in try tooMany.verify() } == .malformed)
  }

  @Test("A message over the limit is not made")
  func limit() throws {
    let hierarchy = try Hierarchy()
    let identity = try SigningIdentity(
      certificates: Array(hierarchy.client.pem.utf8), key: hierarchy.clientKey.pem())
    let large = [UInt8](repeating: 0, count: SignedMessage.maximumByteCount)
    #expect(reason { try SignedMessage(signing: large, by: identity) } == .invalidInput)
  }

  @Test("A key that is not the certificate's is refused, and the identity shows no secret")
  func identities() throws {
    let hierarchy = try Hierarchy()
    let certificates = Array(hierarchy.client.pem.utf8)
    #expect(
      reason {
        try SigningIdentity(certificates: certificates, key: P256.PrivateKey.generate().pem())
      } == .invalidInput)
    let identity = try SigningIdentity(certificates: certificates, key: hierarchy.clientKey.pem())
    #expect("\(identity)" == "<signing identity of CN=Client>")
    #expect(Mirror(reflecting: identity).children.isEmpty)
  }

  @Test(
    "openssl verifies what an accredited identity signs, from PKCS#12 and PEM",
    .enabled(if: OpenSSLCommand.isInstalled), arguments: ["rsa:2048", "ec:P-256", "ec:P-521"])
  func oursThere(key: String) throws {
    let files = try OpenSSLCommand()
    defer { files.remove() }
    try CommandAuthority(files).issue("kim", key: key)
    try files.run(
      "pkcs12 -export -inkey kim.key -in kim.pem -certfile root.pem -passout pass:right -out kim.p12",
      "pkcs8 -topk8 -in kim.key -passout pass:right -out encrypted.key")
    let right = SecretBytes(Array("right".utf8))
    let identities = [
      try SigningIdentity(pkcs12: files.read("kim.p12"), passphrase: right),
      try SigningIdentity(
        certificates: files.read("kim.pem"), key: SecretBytes(files.read("kim.key"))),
      try SigningIdentity(
        certificates: files.read("kim.pem") + files.read("root.pem"),
        key: SecretBytes(files.read("encrypted.key")), passphrase: right),
    ]
    #expect(identities.map(\.chain.count) == [1, 0, 1])
    for identity in identities {
      let message = try SignedMessage(signing: content, by: identity)
      try files.write(message.encoding, to: "message.der")
      try files.write(Array(message.pem.utf8), to: "message.pem")
      for form in ["DER -in message.der", "PEM -in message.pem"] {
        try files.run("cms -verify -binary -inform \(form) -CAfile root.pem -out verified")
        #expect(try files.read("verified") == content)
      }
      let detached = try SignedMessage(signing: content, by: identity, detached: true)
      try files.write(detached.encoding, to: "detached")
      try files.write(content, to: "content")
      try files.run(
        "cms -verify -binary -inform DER -in detached -content content -CAfile root.pem -out verified"
      )
    }
  }

  @Test(
    "PKCS#12 files say why they were not read", .enabled(if: OpenSSLCommand.isInstalled))
  func pkcs12Failures() throws {
    let files = try OpenSSLCommand()
    defer { files.remove() }
    let authority = try CommandAuthority(files)
    try authority.issue("kim", key: "ec:P-256")
    try authority.issue("small", key: "rsa:1024")
    let export = "pkcs12 -export -passout pass:right"
    try files.run(
      "\(export) -inkey kim.key -in kim.pem -out kim.p12",
      "\(export) -inkey small.key -in small.pem -out small.p12",
      "\(export) -nokeys -in kim.pem -out keyless.p12",
      "\(export) -nocerts -inkey kim.key -out certless.p12",
      "\(export) -legacy -inkey kim.key -in kim.pem -out legacy.p12")
    let right = SecretBytes(Array("right".utf8))
    let kim = try files.read("kim.p12")
    for wrong in ["", "wrong", "right\0"] {
      let passphrase = SecretBytes(Array(wrong.utf8))
      #expect(
        reason { try SigningIdentity(pkcs12: kim, passphrase: passphrase) } == .decryptionFailed)
    }
    for (name, expected) in [
      ("small", CryptographyError.Reason.invalidInput), ("keyless", .invalidInput),
      ("certless", .invalidInput), ("legacy", .unsupported),
    ] {
      let file = try files.read("\(name).p12")
      #expect(
        reason { try SigningIdentity(pkcs12: file, passphrase: right) } == expected, "\(name)")
    }
    for bytes in [[], [0x30], Array(kim.dropLast()), kim + [0]] {
      #expect(reason { try SigningIdentity(pkcs12: bytes, passphrase: right) } == .malformed)
    }
  }

  @Test(
    "A PKCS#12 file that asks for too much key derivation is refused before it is tried",
    .enabled(if: OpenSSLCommand.isInstalled))
  func pkcs12TooCostly() throws {
    let files = try OpenSSLCommand()
    defer { files.remove() }
    try CommandAuthority(files).issue("kim", key: "ec:P-256")
    let export = "pkcs12 -export -passout pass:right -inkey kim.key -in kim.pem"
    try files.run(
      "\(export) -iter 600000 -out usual.p12",
      // Each is affordable; together they are not.
      "\(export) -iter 3400000 -out three.p12", "\(export) -nomac -iter 5000001 -out two.p12")
    let right = SecretBytes(Array("right".utf8))
    #expect(try SigningIdentity(pkcs12: files.read("usual.p12"), passphrase: right).chain.isEmpty)
    for name in ["three", "two"] {
      let file = try files.read("\(name).p12")
      #expect(
        reason { try SigningIdentity(pkcs12: file, passphrase: right) } == .tooCostly, "\(name)")
    }
  }
}

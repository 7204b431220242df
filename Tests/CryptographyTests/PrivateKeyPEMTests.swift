import Testing

@testable import Cryptography

@Suite("Private keys as PEM")
struct PrivateKeyPEMTests {
  private let key: P256.PrivateKey
  private let passphrase = SecretBytes(Array("right".utf8))

  init() throws { key = try P256.PrivateKey.generate() }

  @Test("A key survives the way out and in")
  func roundTrip() throws {
    #expect(try P256.PrivateKey(pem: key.pem()).publicKey == key.publicKey)
    #expect(try P256.PrivateKey(pem: key.pem(), passphrase: passphrase).publicKey == key.publicKey)
  }

  @Test("An encrypted key opens with its passphrase alone")
  func encrypted() throws {
    let text = SecretBytes(Array(try key.pem(passphrase: passphrase).utf8))
    #expect(try P256.PrivateKey(pem: text, passphrase: passphrase).publicKey == key.publicKey)
    for wrong in [
      nil, SecretBytes([]), SecretBytes(Array("wrong".utf8)),
      SecretBytes(repeatElement(0x61, count: 4096)),
    ] {
      #expect(reason { try P256.PrivateKey(pem: text, passphrase: wrong) } == .decryptionFailed)
    }
  }

  @Test("A text without a key is malformed")
  func malformed() throws {
    for text in ["", "nothing", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"] {
      let text = SecretBytes(Array(text.utf8))
      #expect(reason { try P256.PrivateKey(pem: text) } == .malformed)
    }
  }

  @Test(
    "openssl's keys are read, encrypted or not, in every form, and ours by openssl",
    .enabled(if: OpenSSLCommand.isInstalled))
  func openssl() throws {
    let files = try OpenSSLCommand()
    defer { files.remove() }
    try files.run(
      "ecparam -name prime256v1 -genkey -out sec1.pem",
      "pkcs8 -topk8 -nocrypt -in sec1.pem -out plain.pem",
      "pkcs8 -topk8 -in sec1.pem -passout pass:right -out encrypted.pem",
      "ec -in sec1.pem -aes256 -passout pass:right -out legacy.pem",
      "pkey -in sec1.pem -pubout -outform DER -out public.der")
    let expected = try files.read("public.der")
    for name in ["sec1.pem", "plain.pem", "encrypted.pem", "legacy.pem"] {
      let text = SecretBytes(try files.read(name))
      #expect(try P256.PrivateKey(pem: text, passphrase: passphrase).publicKey.spki == expected)
    }
    try files.write(Array(key.pem(passphrase: passphrase).utf8), to: "ours.pem")
    try files.run("pkey -in ours.pem -passin pass:right -pubout -outform DER -out ours.der")
    #expect(try files.read("ours.der") == key.publicKey.spki)
  }

  @Test(
    "A file that asks for too much key derivation is refused before it is tried",
    .enabled(if: OpenSSLCommand.isInstalled))
  func tooCostly() throws {
    let files = try OpenSSLCommand()
    defer { files.remove() }
    let encrypt = "pkcs8 -topk8 -in key.pem -passout pass:right"
    try files.run(
      "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem",
      "\(encrypt) -iter 600000 -out usual.pem", "\(encrypt) -scrypt -out scrypt.pem",
      "\(encrypt) -iter 10000001 -out costly.pem",
      "\(encrypt) -scrypt -scrypt_N 16384 -scrypt_r 1 -scrypt_p 611 -out costly-scrypt.pem")
    let key = try P256.PrivateKey(pem: SecretBytes(files.read("key.pem")))
    for name in ["usual", "scrypt"] {
      let text = SecretBytes(try files.read("\(name).pem"))
      let opened = try P256.PrivateKey(pem: text, passphrase: passphrase)
      #expect(opened.publicKey == key.publicKey)
    }
    let costly = try files.read("costly.pem")
    let der = try PEM.content(of: ["ENCRYPTED PRIVATE KEY"], in: costly)
    let negative = der.replacing([0x00, 0x98, 0x96, 0x81], with: [0x80, 0x98, 0x96, 0x81])
    #expect(negative != der)
    for text in [
      costly, try files.read("costly-scrypt.pem"), PEM.bytes("ENCRYPTED PRIVATE KEY", negative),
      try files.read("key.pem") + costly,
    ] {
      let text = SecretBytes(text)
      #expect(reason { try P256.PrivateKey(pem: text, passphrase: passphrase) } == .tooCostly)
    }
  }

  @Test("A key of another kind is refused", .enabled(if: OpenSSLCommand.isInstalled))
  func otherKinds() throws {
    let files = try OpenSSLCommand()
    defer { files.remove() }
    try files.run(
      "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out p384.pem",
      "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out rsa.pem",
      "genpkey -algorithm ED25519 -out ed25519.pem")
    for name in ["p384.pem", "rsa.pem", "ed25519.pem"] {
      let text = SecretBytes(try files.read(name))
      #expect(reason { try P256.PrivateKey(pem: text) } == .invalidKey)
    }
  }
}

/// Why `body` failed; nil where it did not.
func reason(_ body: () throws -> some Any) -> CryptographyError.Reason? {
  do {
    _ = try body()
    return nil
  } catch { return (error as? CryptographyError)?.reason }
}

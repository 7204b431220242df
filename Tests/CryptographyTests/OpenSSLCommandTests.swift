import Cryptography
import Foundation
import TestMaterial
import Testing

/// The `openssl` program as a second opinion.
@Suite(
  "Agreement with the openssl command",
  .enabled(if: OpenSSLCommand.isInstalled, "the openssl command is not installed"))
struct OpenSSLCommandTests {
  @Test("openssl verifies our signatures")
  func oursVerifiesThere() throws {
    let files = try OpenSSLCommand()
    defer { files.remove() }
    let key = try P256.PrivateKey.generate()
    let message = Array("signed here".utf8)
    try files.write(key.publicKey.spki, to: "public.der")
    try files.write(message, to: "message")
    try files.write(key.sign(message), to: "signature")
    let verify = [
      "dgst", "-sha256", "-keyform", "DER", "-verify", "public.der", "-signature", "signature",
      "message",
    ]
    #expect(try files.run(verify).text.contains("Verified OK"))
    try files.write(message + [0], to: "message")
    #expect(try files.run(verify).status != 0)
  }

  @Test("We verify openssl's signatures, made with our exported key")
  func theirsVerifiesHere() throws {
    let files = try OpenSSLCommand()
    defer { files.remove() }
    let key = try P256.PrivateKey.generate()
    let message = Array("signed there".utf8)
    try files.write(key.pkcs8().withUnsafeBytes { Array($0) }, to: "private.der")
    try files.write(message, to: "message")
    let sign = [
      "dgst", "-sha256", "-keyform", "DER", "-sign", "private.der", "-out", "signature", "message",
    ]
    #expect(try files.run(sign).status == 0)
    let signature = try files.read("signature")
    #expect(try key.publicKey.isValid(signature: signature, for: message))
    #expect(try !key.publicKey.isValid(signature: signature, for: message + [0]))
  }

  @Test("openssl's keys import, and both sides agree on a secret")
  func keyAgreement() throws {
    let files = try OpenSSLCommand()
    defer { files.remove() }
    for command in [
      "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -outform DER -out pair.der",
      "pkcs8 -topk8 -nocrypt -inform DER -in pair.der -outform DER -out theirs.der",
      "pkey -inform DER -in pair.der -pubout -outform DER -out theirs.pub",
    ] {
      #expect(try files.run(command.split(separator: " ").map(String.init)).status == 0)
    }
    let theirs = try P256.PrivateKey(pkcs8: SecretBytes(files.read("theirs.der")))
    #expect(try theirs.publicKey.spki == files.read("theirs.pub"))

    let ours = try P256.PrivateKey.generate()
    try files.write(ours.publicKey.spki, to: "ours.pub")
    let derive =
      "pkeyutl -derive -keyform DER -inkey theirs.der -peerform DER -peerkey ours.pub"
      + " -out secret"
    #expect(try files.run(derive.split(separator: " ").map(String.init)).status == 0)
    let secret = try ours.sharedSecret(with: theirs.publicKey)
    #expect(try secret == SecretBytes(files.read("secret")))
  }

  @Test("openssl's HMAC of random keys and messages is ours", arguments: Hash.allCases)
  func macs(hash: Hash) throws {
    let files = try OpenSSLCommand()
    defer { files.remove() }
    for count in [1, 63, 64, 65, 129] {
      let key = try SecretBytes.random(count: count)
      let message = try randomBytes(count: count * 3)
      try files.write(message, to: "message")
      let digits = key.withUnsafeBytes { hex($0) }
      let output = try files.run([
        "dgst", "-\(hash)", "-mac", "HMAC", "-macopt", "hexkey:\(digits)", "message",
      ])
      let mac = try hmac(hash, key: key, message: message)
      #expect(output.text.hasSuffix("= \(hex(mac))\n"))
    }
  }
}

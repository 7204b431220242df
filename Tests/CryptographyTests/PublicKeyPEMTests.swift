import Testing

@testable import Cryptography

@Suite("Public keys in PEM")
struct PublicKeyPEMTests {
  @Test("What openssl writes is read", .enabled(if: OpenSSLCommand.isInstalled))
  func fromOpenSSL() throws {
    let openssl = try OpenSSLCommand()
    defer { openssl.remove() }
    try openssl.run(
      "ecparam -name prime256v1 -genkey -noout -out key.pem",
      "pkey -in key.pem -pubout -out public.pem", "pkey -in key.pem -pubout -outform DER -out der")
    let key = try P256.PublicKey(pem: openssl.read("public.pem"))
    #expect(key.spki == (try openssl.read("der")))
  }

  @Test("Anything else is refused")
  func others() throws {
    let key = try P256.PrivateKey.generate().publicKey
    let pem = PEM.bytes("PUBLIC KEY", key.spki)
    #expect(try P256.PublicKey(pem: pem) == key)
    for text in [[], pem + pem, PEM.bytes("CERTIFICATE", key.spki), Array(pem.dropLast(30))] {
      #expect(throws: CryptographyError.self) { try P256.PublicKey(pem: text) }
    }
    #expect(throws: CryptographyError.self) {
      try P256.PublicKey(pem: PEM.bytes("PUBLIC KEY", Array(key.spki.dropLast())))
    }
  }
}

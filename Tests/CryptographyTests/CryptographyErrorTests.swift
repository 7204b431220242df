import COpenSSL
import Testing

@testable import Cryptography

@Suite("Cryptography errors")
struct CryptographyErrorTests {
  @Test("An error keeps libcrypto's codes, oldest first, and empties its queue")
  func nativeCodes() {
    ERR_clear_error()
    _ = EVP_MD_fetch(nil, "no such hash", nil)
    let error = CryptographyError.native("EVP_MD_fetch")
    #expect(error.reason == .libraryFailure)
    #expect(error.operation == "EVP_MD_fetch")
    #expect(error.nativeCodes.count == 1)
    #expect(ERR_peek_error() == 0)
    #expect(error.description.hasPrefix("libraryFailure: EVP_MD_fetch: error:"))
    #expect(error.description.contains("unsupported"))
  }

  @Test("A failure leaves nothing on the queue for the next")
  func queueStaysEmpty() throws {
    let key = try P256.PrivateKey.generate()
    ERR_clear_error()
    #expect(throws: CryptographyError.self) { try P256.PublicKey(spki: [0x30]) }
    #expect(throws: CryptographyError.self) { try P256.PrivateKey(pkcs8: SecretBytes([0x30])) }
    #expect(try !key.publicKey.isValid(signature: [0x30], for: []))
    #expect(ERR_peek_error() == 0)
  }
}

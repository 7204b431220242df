import TestMaterial
import Testing

@testable import Cryptography

@Suite("Digests")
struct DigestTests {
  @Test(
    "FIPS 180-4's examples hold",
    arguments: [
      (Hash.sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
      (.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        .sha512,
        """
        ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
        2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f
        """
      ),
    ])
  func abc(hash: Hash, expected: String) throws {
    #expect(hex(try hash.digest(Array("abc".utf8))) == expected)
  }

  @Test("The digest of nothing is the known one")
  func empty() throws {
    #expect(
      hex(try sha256([]))
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }

  @Test("Random bytes have the size asked for; a negative size is refused")
  func random() throws {
    #expect(try randomBytes(count: 0) == [])
    #expect(try randomBytes(count: 16) != randomBytes(count: 16))
    #expect(throws: CryptographyError(.invalidInput, "randomBytes")) {
      try randomBytes(count: -1)
    }
  }
}

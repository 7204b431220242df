import TestMaterial
import Testing

@testable import Cryptography

@Suite("AES in CBC mode")
struct AESCBCTests {
  struct Vector: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var key: String
    var ciphertext: String
  }

  private static let iv = "000102030405060708090a0b0c0d0e0f"
  private static let plaintext = """
    6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51\
    30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710
    """

  /// NIST SP 800-38A, appendix F.2.
  static let vectors = [
    Vector(
      testDescription: "F.2.1, AES-128", key: "2b7e151628aed2a6abf7158809cf4f3c",
      ciphertext: """
        7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2\
        73bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7
        """),
    Vector(
      testDescription: "F.2.3, AES-192", key: "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
      ciphertext: """
        4f021db243bc633d7178183a9fa071e8b4d9ada9ad7dedf4e5e738763f69145a\
        571b242012fb7ae07fa9baac3df102e008b0e27988598881d920a9e64f5615cd
        """),
    Vector(
      testDescription: "F.2.5, AES-256",
      key: "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
      ciphertext: """
        f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d\
        39f23369a9d9bacfa530e26304231461b2eb05e2c39be9fcda6c19078c6a9d1b
        """),
  ]

  @Test("The standard's four blocks come out, one block of padding behind", arguments: vectors)
  func standardVectors(vector: Vector) throws {
    let key = SecretBytes(hex(vector.key))
    let plaintext = SecretBytes(hex(Self.plaintext))
    let text = try AESCBC.encrypt(plaintext, key: key, initializationVector: hex(Self.iv))
    #expect(hex(text.dropLast(16)) == Self.iv + vector.ciphertext)
    #expect(text.count == 16 + 64 + 16)
    #expect(try AESCBC.decrypt(text, key: key) == plaintext)
  }

  @Test("A text of any size comes back, padded to the next whole block", arguments: 0...49)
  func sizes(count: Int) throws {
    let key = try SecretBytes.random(count: 16)
    let plaintext = try SecretBytes.random(count: count)
    let text = try AESCBC.encrypt(plaintext, key: key)
    #expect(text.count == 16 + (count / 16 + 1) * 16)
    #expect(try AESCBC.decrypt(text, key: key) == plaintext)
    #expect(try AESCBC.decrypt(text, key: key, padding: .lastByte) == plaintext)
  }

  @Test("Two encryptions of one text differ")
  func freshVectors() throws {
    let key = try SecretBytes.random(count: 16)
    let first = try AESCBC.encrypt(SecretBytes([1]), key: key)
    #expect(try AESCBC.encrypt(SecretBytes([1]), key: key).prefix(16) != first.prefix(16))
  }

  @Test("What is not a padding is refused; XML Encryption's may hold anything but its count")
  func paddings() throws {
    func text(endingIn end: [UInt8]) throws -> [UInt8] {
      let block = [UInt8](repeating: 0xAA, count: 16 - end.count) + end
      return Array(try AESCBC.encrypt(SecretBytes(block), key: Self.key).dropLast(16))
    }
    let refused = CryptographyError(.decryptionFailed, "AESCBC")
    for end in [[0], [17], [255]] as [[UInt8]] {
      for padding in [AESCBC.Padding.pkcs7, .lastByte] {
        #expect(throws: refused) {
          try AESCBC.decrypt(text(endingIn: end), key: Self.key, padding: padding)
        }
      }
    }
    #expect(throws: refused) { try AESCBC.decrypt(text(endingIn: [1, 3, 3]), key: Self.key) }
    let decrypted = try AESCBC.decrypt(
      text(endingIn: [9, 1, 3]), key: Self.key, padding: .lastByte)
    #expect(decrypted == SecretBytes([UInt8](repeating: 0xAA, count: 13)))
  }

  @Test("Keys, IVs and texts of another size are refused")
  func wrongSizes() throws {
    let refused = CryptographyError(.invalidInput, "AESCBC")
    let secret = SecretBytes([1])
    for count in [0, 8, 15, 17, 33, 64] {
      let key = SecretBytes([UInt8](repeating: 1, count: count))
      #expect(throws: refused) { try AESCBC.encrypt(secret, key: key) }
    }
    for count in [0, 15, 17] {
      let vector = [UInt8](repeating: 1, count: count)
      #expect(throws: refused) {
        try AESCBC.encrypt(secret, key: Self.key, initializationVector: vector)
      }
    }
    for count in [0, 15, 16, 31, 33, 47] {
      let text = [UInt8](repeating: 1, count: count)
      #expect(throws: refused) { try AESCBC.decrypt(text, key: Self.key) }
    }
  }

  private static let key = SecretBytes([UInt8](0..<16))
}

import Testing

@testable import Cryptography

@Suite("AES-128-CBC")
struct AES128CBCTests {
  private let key = SecretBytes(hex("2b7e151628aed2a6abf7158809cf4f3c"))
  private let vector = hex("000102030405060708090a0b0c0d0e0f")
  private let plaintext = hex(
    """
    6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51
    30c81c46a35ce411e5fbc1191a0a52ef f69f2445df4f9b17ad2b417be66c3710
    """)
  private let ciphertext = hex(
    """
    7649abac8119b246cee98e9b12e9197d 5086cb9b507219ee95db113a917678b2
    73bed6b8e3c1743b7116e69e22229516 3ff1caa1681fac09120eca307586e1a7
    """)

  @Test("SP 800-38A's example holds (F.2.1), then a block of padding")
  func knownText() throws {
    let made = try AES128CBC.encrypt(
      SecretBytes(plaintext), key: key, initializationVector: vector)
    #expect(Array(made.dropLast(16)) == ciphertext)
    let read = try AES128CBC.decrypt(made, key: key, initializationVector: vector)
    #expect(read == SecretBytes(plaintext))
  }

  @Test("Every size survives the way out and in")
  func sizes() throws {
    for count in 0...49 {
      let text = SecretBytes((0..<count).map { UInt8($0) })
      let made = try AES128CBC.encrypt(text, key: key, initializationVector: vector)
      #expect(made.count == count / 16 * 16 + 16)
      #expect(try AES128CBC.decrypt(made, key: key, initializationVector: vector) == text)
    }
  }

  @Test("A wrong padding is a failed decryption; parts of blocks and other sizes are refused")
  func refused() throws {
    // The example without a block of padding: its plaintext ends in 10, sixteen bytes that are not.
    #expect(
      reason { try AES128CBC.decrypt(ciphertext, key: key, initializationVector: vector) }
        == .decryptionFailed)
    for count in [0, 1, 15, 17] {
      #expect(
        reason {
          try AES128CBC.decrypt(
            [UInt8](repeating: 0, count: count), key: key, initializationVector: vector)
        } == .invalidInput)
    }
    for count in [0, 15, 17, 32] {
      let bytes = [UInt8](repeating: 0, count: count)
      #expect(
        reason {
          try AES128CBC.encrypt(
            SecretBytes([1]), key: SecretBytes(bytes), initializationVector: vector)
        } == .invalidInput)
      #expect(
        reason {
          try AES128CBC.encrypt(SecretBytes([1]), key: key, initializationVector: bytes)
        } == .invalidInput)
    }
  }
}

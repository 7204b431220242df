import TestMaterial
import Testing

@testable import Cryptography

@Suite("AES-256-GCM")
struct AES256GCMTests {
  struct Vector: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var key: String
    var nonce: String
    var associatedData = ""
    var plaintext: String
    var ciphertext: String
    var tag: String
  }

  private static let key = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"
  private static let text = """
    d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72\
    1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39
    """
  private static let cipher = """
    522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa\
    8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662
    """

  /// McGrew and Viega, "The Galois/Counter Mode of Operation", appendix B.
  static let vectors = [
    Vector(
      testDescription: "Case 13", key: String(repeating: "0", count: 64),
      nonce: String(repeating: "0", count: 24), plaintext: "", ciphertext: "",
      tag: "530f8afbc74536b9a963b4f1c4cb738b"),
    Vector(
      testDescription: "Case 14", key: String(repeating: "0", count: 64),
      nonce: String(repeating: "0", count: 24), plaintext: String(repeating: "0", count: 32),
      ciphertext: "cea7403d4d606b6e074ec5d3baf39d18", tag: "d0d1c8a799996bf0265b98b5d48ab919"),
    Vector(
      testDescription: "Case 15", key: key, nonce: "cafebabefacedbaddecaf888",
      plaintext: text + "1aafd255", ciphertext: cipher + "898015ad",
      tag: "b094dac5d93471bdec1a502270e3cc6c"),
    Vector(
      testDescription: "Case 16", key: key, nonce: "cafebabefacedbaddecaf888",
      associatedData: "feedfacedeadbeeffeedfacedeadbeefabaddad2", plaintext: text,
      ciphertext: cipher, tag: "76fc6ece0f4e1768cddf8853bb2d551b"),
  ]

  @Test("The specification's cases 13 to 16 hold, both ways", arguments: vectors)
  func standardVectors(vector: Vector) throws {
    let key = SecretBytes(hex(vector.key))
    let plaintext = SecretBytes(hex(vector.plaintext))
    let sealed = try AES256GCM.seal(
      plaintext, key: key, nonce: hex(vector.nonce), associatedData: hex(vector.associatedData))
    #expect(hex(sealed.ciphertext) == vector.ciphertext)
    #expect(hex(sealed.tag) == vector.tag)
    let opened = try AES256GCM.open(
      sealed, key: key, associatedData: hex(vector.associatedData))
    #expect(opened == plaintext)
  }

  @Test("Any changed bit is noticed, and says so without leftovers")
  func tampering() throws {
    let key = try SecretBytes.random(count: 32)
    let sealed = try AES256GCM.seal(SecretBytes([1, 2, 3]), key: key, associatedData: [7])
    for index in sealed.combined.indices {
      var damaged = sealed.combined
      damaged[index] ^= 0x10
      let candidate = try AES256GCM.Sealed(combined: damaged)
      #expect(throws: CryptographyError(.authenticationFailed, "EVP_CipherFinal_ex")) {
        try AES256GCM.open(candidate, key: key, associatedData: [7])
      }
    }
    #expect(throws: CryptographyError.self) { try AES256GCM.open(sealed, key: key) }
    #expect(throws: CryptographyError.self) {
      try AES256GCM.open(sealed, key: .random(count: 32), associatedData: [7])
    }
    #expect(try AES256GCM.open(sealed, key: key, associatedData: [7]) == SecretBytes([1, 2, 3]))
  }

  @Test("Two seals of one plaintext differ")
  func freshNonces() throws {
    let key = try SecretBytes.random(count: 32)
    let first = try AES256GCM.seal(SecretBytes([1]), key: key)
    #expect(try AES256GCM.seal(SecretBytes([1]), key: key).nonce != first.nonce)
  }

  @Test("The combined form is nonce, ciphertext, tag; a shorter one is refused")
  func combined() throws {
    let bytes = [UInt8](0..<31)
    let sealed = try AES256GCM.Sealed(combined: bytes)
    #expect(sealed.nonce == Array(0..<12))
    #expect(sealed.ciphertext == [12, 13, 14])
    #expect(sealed.tag == Array(15..<31))
    #expect(sealed.combined == bytes)
    #expect(throws: CryptographyError.self) {
      try AES256GCM.Sealed(combined: [UInt8](repeating: 0, count: 27))
    }
  }

  @Test("Keys, nonces and tags of another size are refused")
  func sizes() throws {
    let refused = CryptographyError(.invalidInput, "AES256GCM")
    for count in [0, 16, 24, 31, 33] {
      let key = SecretBytes([UInt8](repeating: 1, count: count))
      #expect(throws: refused) { try AES256GCM.seal(SecretBytes([1]), key: key) }
    }
    let key = try SecretBytes.random(count: 32)
    for count in [0, 8, 13] {
      let nonce = [UInt8](repeating: 1, count: count)
      #expect(throws: refused) { try AES256GCM.seal(SecretBytes([1]), key: key, nonce: nonce) }
    }
    #expect(throws: CryptographyError.self) {
      try AES256GCM.Sealed(nonce: [UInt8](repeating: 0, count: 12), ciphertext: [], tag: [1])
    }
  }
}

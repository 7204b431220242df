import TestMaterial
import Testing

@testable import Cryptography

@Suite("Key derivation")
struct KeyDerivationTests {
  struct HKDFVector: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var hash: Hash
    var secret: [UInt8]
    var salt: [UInt8] = []
    var info: [UInt8] = []
    var key: String
  }

  static let rfc5869 = [
    HKDFVector(
      testDescription: "A.1", hash: .sha256, secret: [UInt8](repeating: 0x0B, count: 22),
      salt: Array(0x00...0x0C), info: Array(0xF0...0xF9),
      key: """
        3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf\
        34007208d5b887185865
        """),
    HKDFVector(
      testDescription: "A.2", hash: .sha256, secret: Array(0x00...0x4F),
      salt: Array(0x60...0xAF), info: Array(0xB0...0xFF),
      key: """
        b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c\
        59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71\
        cc30c58179ec3e87c14c01d5c1f3434f1d87
        """),
    HKDFVector(
      testDescription: "A.3", hash: .sha256, secret: [UInt8](repeating: 0x0B, count: 22),
      key: """
        8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d\
        9d201395faa4b61a96c8
        """),
    HKDFVector(
      testDescription: "A.4", hash: .sha1, secret: [UInt8](repeating: 0x0B, count: 11),
      salt: Array(0x00...0x0C), info: Array(0xF0...0xF9),
      key: """
        085a01ea1b10f36933068b56efa5ad81a4f14b822f5b091568a9cdd4f155fda2\
        c22e422478d305f3f896
        """),
    HKDFVector(
      testDescription: "A.6", hash: .sha1, secret: [UInt8](repeating: 0x0B, count: 22),
      key: """
        0ac1af7002b3d761d1e55298da9d0506b9ae52057220a306e07b6b87e8df21d0\
        ea00033de03984d34918
        """),
    HKDFVector(
      testDescription: "A.7", hash: .sha1, secret: [UInt8](repeating: 0x0C, count: 22),
      key: """
        2c91117204d745f3500d636a62f64f0ab3bae548aa53d423b0d1f27ebba6f5e5\
        673a081d70cce7acfc48
        """),
  ]

  @Test("RFC 5869 vectors hold", arguments: rfc5869)
  func hkdf(vector: HKDFVector) throws {
    let key = try HKDF.deriveKey(
      vector.hash, from: SecretBytes(vector.secret), salt: vector.salt, info: vector.info,
      count: vector.key.count / 2)
    #expect(key == SecretBytes(hex(vector.key)))
  }

  @Test("HKDF refuses sizes outside RFC 5869's range", arguments: [-1, 0, 255 * 32 + 1])
  func hkdfSizes(count: Int) {
    #expect(throws: CryptographyError(.invalidInput, "HKDF")) {
      try HKDF.deriveKey(.sha256, from: SecretBytes([1]), salt: [], info: [], count: count)
    }
  }

  @Test("HKDF reaches the largest size allowed")
  func hkdfLargest() throws {
    let key = try HKDF.deriveKey(
      .sha256, from: SecretBytes([1]), salt: [], info: [], count: 255 * 32)
    #expect(key.count == 8160)
  }

  struct PBKDF2Vector: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var hash: Hash
    var password: String
    var salt: String
    var iterations: Int
    var key: String
  }

  static let passwords = [
    PBKDF2Vector(
      testDescription: "RFC 6070, 1", hash: .sha1, password: "password", salt: "salt",
      iterations: 1, key: "0c60c80f961f0e71f3a9b524af6012062fe037a6"),
    PBKDF2Vector(
      testDescription: "RFC 6070, 2", hash: .sha1, password: "password", salt: "salt",
      iterations: 2, key: "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957"),
    PBKDF2Vector(
      testDescription: "RFC 6070, 3", hash: .sha1, password: "password", salt: "salt",
      iterations: 4096, key: "4b007901b765489abead49d926f721d065a429c1"),
    PBKDF2Vector(
      testDescription: "RFC 6070, 5", hash: .sha1, password: "passwordPASSWORDpassword",
      salt: "saltSALTsaltSALTsaltSALTsaltSALTsalt", iterations: 4096,
      key: "3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038"),
    PBKDF2Vector(
      testDescription: "RFC 6070, 6", hash: .sha1, password: "pass\0word", salt: "sa\0lt",
      iterations: 4096, key: "56fa6aa75548099dcc37d7f03425e0c3"),
    PBKDF2Vector(
      testDescription: "RFC 7914, 11", hash: .sha256, password: "passwd", salt: "salt",
      iterations: 1,
      key: """
        55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc\
        49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783
        """),
  ]

  @Test("RFC 6070 and RFC 7914 vectors hold", arguments: passwords)
  func pbkdf2(vector: PBKDF2Vector) throws {
    let key = try PBKDF2.deriveKey(
      vector.hash, from: SecretBytes(vector.password.utf8), salt: Array(vector.salt.utf8),
      iterations: vector.iterations, count: vector.key.count / 2)
    #expect(key == SecretBytes(hex(vector.key)))
  }

  @Test(
    "PBKDF2 refuses iterations and sizes outside its range",
    arguments: [(0, 20), (-1, 20), (PBKDF2.maximumIterations + 1, 20), (1, 0), (1, 1025)])
  func pbkdf2Ranges(iterations: Int, count: Int) {
    #expect(throws: CryptographyError(.invalidInput, "PBKDF2")) {
      try PBKDF2.deriveKey(
        .sha1, from: SecretBytes([1]), salt: [2], iterations: iterations, count: count)
    }
  }
}

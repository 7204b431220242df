import TestMaterial
import Testing

@testable import Cryptography

@Suite("HMAC")
struct HMACTests {
  struct Vector: Sendable, CustomTestStringConvertible {
    var hash: Hash
    var key: [UInt8]
    var message: [UInt8]
    var mac: String
    var testDescription: String { "\(hash) \(mac.prefix(8))" }
  }

  private static func repeated(_ byte: UInt8, _ count: Int) -> [UInt8] {
    [UInt8](repeating: byte, count: count)
  }

  private static let largerThanBlock = Array(
    "Test Using Larger Than Block-Size Key - Hash Key First".utf8)

  static let rfc2202 = [
    Vector(
      hash: .sha1, key: repeated(0x0B, 20), message: Array("Hi There".utf8),
      mac: "b617318655057264e28bc0b6fb378c8ef146be00"),
    Vector(
      hash: .sha1, key: Array("Jefe".utf8), message: Array("what do ya want for nothing?".utf8),
      mac: "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
    Vector(
      hash: .sha1, key: repeated(0xAA, 20), message: repeated(0xDD, 50),
      mac: "125d7342b9ac11cd91a39af48aa17b4f63f175d3"),
    Vector(
      hash: .sha1, key: Array(1...25), message: repeated(0xCD, 50),
      mac: "4c9007f4026250c6bc8414f9bf50c86c2d7235da"),
    Vector(
      hash: .sha1, key: repeated(0x0C, 20), message: Array("Test With Truncation".utf8),
      mac: "4c1a03424b55e07fe7f27be1d58bb9324a9a5a04"),
    Vector(
      hash: .sha1, key: repeated(0xAA, 80), message: largerThanBlock,
      mac: "aa4ae5e15272d00e95705637ce8a3b55ed402112"),
    Vector(
      hash: .sha1, key: repeated(0xAA, 80),
      message: Array(
        "Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data".utf8),
      mac: "e8e99d0f45237d786d6bbaa7965c7808bbff1a91"),
  ]

  static let rfc4231 = [
    Vector(
      hash: .sha256, key: repeated(0x0B, 20), message: Array("Hi There".utf8),
      mac: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    Vector(
      hash: .sha256, key: Array("Jefe".utf8), message: Array("what do ya want for nothing?".utf8),
      mac: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    Vector(
      hash: .sha256, key: repeated(0xAA, 20), message: repeated(0xDD, 50),
      mac: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
    Vector(
      hash: .sha256, key: Array(1...25), message: repeated(0xCD, 50),
      mac: "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
    Vector(
      hash: .sha256, key: repeated(0xAA, 131), message: largerThanBlock,
      mac: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
    Vector(
      hash: .sha512, key: repeated(0x0B, 20), message: Array("Hi There".utf8),
      mac: """
        87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde\
        daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854
        """),
    Vector(
      hash: .sha512, key: Array("Jefe".utf8), message: Array("what do ya want for nothing?".utf8),
      mac: """
        164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554\
        9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737
        """),
    Vector(
      hash: .sha512, key: repeated(0xAA, 131), message: largerThanBlock,
      mac: """
        80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352\
        6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598
        """),
  ]

  @Test("RFC 2202 and RFC 4231 vectors hold", arguments: rfc2202 + rfc4231)
  func standardVectors(vector: Vector) throws {
    let mac = try hmac(vector.hash, key: SecretBytes(vector.key), message: vector.message)
    #expect(hex(mac) == vector.mac)
  }

  @Test("An empty key and an empty message are allowed", arguments: Hash.allCases)
  func emptyInputs(hash: Hash) throws {
    let empty = try hmac(hash, key: SecretBytes([]), message: [])
    let zeros = try hmac(
      hash, key: SecretBytes([UInt8](repeating: 0, count: 8)), message: [])
    #expect(empty == zeros, "a key is padded with zeros (RFC 2104), so these keys are the same")
  }

  @Test("A call leaves nothing of its key for the next")
  func callsAreIndependent() throws {
    let vector = Self.rfc4231[0]
    let key = SecretBytes(vector.key)
    let first = try hmac(.sha256, key: key, message: vector.message)
    _ = try hmac(.sha256, key: SecretBytes([1, 2, 3]), message: [9])
    #expect(try hmac(.sha256, key: key, message: vector.message) == first)
  }
}

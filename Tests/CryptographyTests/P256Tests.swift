import TestMaterial
import Testing

@testable import Cryptography

@Suite("P-256")
struct P256Tests {
  /// RFC 6979, A.2.5.
  private enum RFC6979 {
    static let scalar = hex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721")
    static let point = hex(
      """
      04 60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6
      7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299
      """)
    static let sample = hex(
      """
      3046 022100 efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716
      022100 f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8
      """)
    static let test = hex(
      """
      3045 022100 f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367
      0220 019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083
      """)
  }

  @Test("A scalar gives RFC 6979's public key")
  func publicFromPrivate() throws {
    let key = try P256.PrivateKey(scalar: SecretBytes(RFC6979.scalar))
    #expect(key.publicKey.x963 == RFC6979.point)
  }

  @Test("RFC 6979's signatures verify, and only over their own message")
  func knownSignatures() throws {
    let key = try P256.PublicKey(x963: RFC6979.point)
    #expect(try key.isValid(signature: RFC6979.sample, for: Array("sample".utf8)))
    #expect(try key.isValid(signature: RFC6979.test, for: Array("test".utf8)))
    #expect(try !key.isValid(signature: RFC6979.sample, for: Array("test".utf8)))
  }

  @Test("A signature verifies under its own key alone")
  func signing() throws {
    let key = try P256.PrivateKey.generate()
    let message = Array("pay 1,500,000".utf8)
    let signature = try key.sign(message)
    #expect(try key.publicKey.isValid(signature: signature, for: message))
    #expect(try !P256.PrivateKey.generate().publicKey.isValid(signature: signature, for: message))
    #expect(try key.sign([]) != key.sign([]), "the nonce is random")
  }

  @Test("A malformed signature is invalid, not an error")
  func malformedSignatures() throws {
    let key = try P256.PrivateKey.generate()
    let signature = try key.sign([1])
    for end in 0..<signature.count {
      #expect(try !key.publicKey.isValid(signature: Array(signature[..<end]), for: [1]))
    }
    #expect(try !key.publicKey.isValid(signature: signature + [0], for: [1]))
  }

  @Test("NIST's ECDH vector holds (CAVP, ECC CDH, P-256, count 0)")
  func knownAgreement() throws {
    let peer = try P256.PublicKey(
      x963: hex(
        """
        04 700c48f77f56584c5cc632ca65640db91b6bacce3a4df6b42ce7cc838833d287
        db71e509e3fd9b060ddb20ba5c51dcc5948d46fbf640dfe0441782cab85fa4ac
        """))
    let own = try P256.PrivateKey(
      scalar: SecretBytes(hex("7d7dc5f71eb29ddaf80d6214632eeae03d9058af1fb6d22ed80badb62bc1a534")))
    #expect(
      own.publicKey.x963
        == hex(
          """
          04 ead218590119e8876b29146ff89ca61770c4edbbf97d38ce385ed281d8a6b230
          28af61281fd35e2fa7002523acc85a429cb06ee6648325389f59edfce1405141
          """))
    let expected = hex("46fc62106420ff012e54a434fbdd2d25ccc5852060561e68040dd7778997bd7b")
    #expect(try own.sharedSecret(with: peer) == SecretBytes(expected))
  }

  @Test("Both sides of an agreement get the same secret")
  func agreement() throws {
    let one = try P256.PrivateKey.generate()
    let other = try P256.PrivateKey.generate()
    let secret = try one.sharedSecret(with: other.publicKey)
    #expect(try other.sharedSecret(with: one.publicKey) == secret)
  }

  @Test("Keys survive export and import")
  func encodings() throws {
    let key = try P256.PrivateKey.generate()
    let again = try P256.PrivateKey(pkcs8: key.pkcs8())
    #expect(again.publicKey == key.publicKey)
    #expect(try P256.PublicKey(spki: key.publicKey.spki) == key.publicKey)
    #expect(try P256.PublicKey(x963: key.publicKey.x963) == key.publicKey)
  }

  @Test("Truncated, padded and damaged public keys are refused")
  func badPublicKeys() throws {
    let spki = try P256.PrivateKey.generate().publicKey.spki
    #expect(spki.count == 91)
    for end in 0..<spki.count {
      expectInvalidKey { try P256.PublicKey(spki: Array(spki[..<end])) }
    }
    expectInvalidKey { try P256.PublicKey(spki: spki + [0]) }
    var offCurve = RFC6979.point
    offCurve[64] ^= 1
    expectInvalidKey { try P256.PublicKey(x963: offCurve) }
    expectInvalidKey { try P256.PublicKey(x963: []) }
    expectInvalidKey { try P256.PublicKey(x963: [0]) }
    expectInvalidKey { try P256.PublicKey(x963: [UInt8](repeating: 0, count: 65)) }
  }

  @Test("Truncated, padded and impossible private keys are refused")
  func badPrivateKeys() throws {
    let pkcs8 = try P256.PrivateKey.generate().pkcs8().withUnsafeBytes { Array($0) }
    for end in 0..<pkcs8.count {
      expectInvalidKey { try P256.PrivateKey(pkcs8: SecretBytes(pkcs8[..<end])) }
    }
    expectInvalidKey { try P256.PrivateKey(pkcs8: SecretBytes(pkcs8 + [0])) }
    let order = hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551")
    for scalar in [[], [1], [UInt8](repeating: 0, count: 32), order] {
      expectInvalidKey { try P256.PrivateKey(scalar: SecretBytes(scalar)) }
    }
  }

  @Test("A key on another curve is refused")
  func otherCurve() {
    // secp256k1's base point.
    let spki = hex(
      """
      3056 3010 06072a8648ce3d0201 06052b8104000a 034200
      04 79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798
      483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8
      """)
    expectInvalidKey { try P256.PublicKey(spki: spki) }
  }

  private func expectInvalidKey(
    _ body: () throws -> some Any, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let error = #expect(
      throws: CryptographyError.self, sourceLocation: sourceLocation, performing: { _ = try body() }
    )
    #expect(error?.reason == .invalidKey, sourceLocation: sourceLocation)
  }
}

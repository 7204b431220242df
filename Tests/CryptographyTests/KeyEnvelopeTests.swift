import TestMaterial
import Testing

@testable import Cryptography

@Suite("Key envelope")
struct KeyEnvelopeTests {
  private let recipient: P256.PrivateKey
  private let secret = SecretBytes([UInt8](0x40..<0x50))
  private let context = Array("device-1card-1".utf8)

  init() throws {
    // RFC 6979, A.2.5.
    recipient = try P256.PrivateKey(
      scalar: SecretBytes(hex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721")))
  }

  /// Made with Python's cryptography 48 from the format's description: ephemeral scalar 01…20, nonce
  /// 00…0B, secret 40…4F.
  private let known = hex(
    """
    01 04515c3d6eb9e396b904d3feca7f54fdcd0cc1e997bf375dca515ad0a6c3b4035f
    4536be3a50f318fbf9a5475902a221502bef0d57e08c53b2cc0a56f17d9f9354
    000102030405060708090a0b
    7a89e540ae998ba9c2ceb4f321b828b8 3fa814acb06d553e54fe54b836d1b3ea
    """)

  @Test("An independent implementation's envelope opens, and ours is the same")
  func knownEnvelope() throws {
    #expect(try KeyEnvelope.open(known, with: recipient, associatedData: context) == secret)
    let ours = try KeyEnvelope.seal(
      secret, to: recipient.publicKey, associatedData: context,
      ephemeral: P256.PrivateKey(scalar: SecretBytes(1...32)), nonce: [UInt8](0..<12))
    #expect(ours == known)
  }

  @Test("A sealed secret opens; two envelopes have no key or nonce in common")
  func roundTrip() throws {
    let first = try KeyEnvelope.seal(secret, to: recipient.publicKey, associatedData: context)
    let second = try KeyEnvelope.seal(secret, to: recipient.publicKey, associatedData: context)
    #expect(first.count == secret.count + KeyEnvelope.overheadByteCount)
    #expect(first[1..<66] != second[1..<66])
    #expect(first[66..<78] != second[66..<78])
    #expect(try KeyEnvelope.open(first, with: recipient, associatedData: context) == secret)
    #expect(try KeyEnvelope.open(second, with: recipient, associatedData: context) == secret)
  }

  @Test("Another recipient or other associated data does not open it")
  func otherContext() throws {
    let refused = CryptographyError(.authenticationFailed, "EVP_CipherFinal_ex")
    #expect(throws: refused) {
      try KeyEnvelope.open(known, with: .generate(), associatedData: context)
    }
    #expect(throws: refused) {
      try KeyEnvelope.open(known, with: recipient, associatedData: context + [0])
    }
  }

  @Test("Every changed byte and every other size is refused")
  func damaged() throws {
    for index in known.indices {
      var damaged = known
      damaged[index] ^= 0x01
      let error = #expect(throws: CryptographyError.self) {
        try KeyEnvelope.open(damaged, with: recipient, associatedData: context)
      }
      #expect(error?.reason == (index < 66 ? .malformed : .authenticationFailed))
    }
    for end in 0..<known.count {
      #expect(throws: CryptographyError.self) {
        try KeyEnvelope.open(Array(known[..<end]), with: recipient, associatedData: context)
      }
    }
  }
}

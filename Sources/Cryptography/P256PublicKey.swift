import COpenSSL

extension P256 {
  static let coordinateByteCount = 32

  /// A public key: a point that was checked to be on the curve.
  public final class PublicKey: Sendable {
    let key: Key
    /// SubjectPublicKeyInfo in DER (RFC 5480), 91 bytes.
    public let spki: [UInt8]

    /// Reads a SubjectPublicKeyInfo in DER.
    ///
    /// Throws `invalidKey` for another curve or algorithm, a point off the curve, and trailing bytes.
    public init(spki: [UInt8]) throws(CryptographyError) {
      let key = try Key.decode(spki: spki)
      self.spki = try key.spki()
      self.key = key
    }

    /// Reads an uncompressed point: 04 || x || y, 65 bytes (SEC 1, 2.3.3).
    public convenience init(x963: [UInt8]) throws(CryptographyError) {
      guard x963.count == 1 + 2 * P256.coordinateByteCount, x963.first == 0x04 else {
        throw CryptographyError(.invalidKey, "P256.PublicKey")
      }
      try self.init(spki: Key.spkiPrefix + x963)
    }

    /// The uncompressed point: 04 || x || y, 65 bytes.
    public var x963: [UInt8] { Array(spki.suffix(1 + 2 * P256.coordinateByteCount)) }

    /// Whether `signature` (DER) is this key's ECDSA signature over the SHA-256 of `message`.
    ///
    /// A malformed signature is false, not an error; an error means that libcrypto could not tell.
    public func isValid(
      signature: [UInt8], for message: [UInt8]
    ) throws(CryptographyError) -> Bool {
      try key.isValid(signature: signature, for: message)
    }
  }
}

extension P256.PublicKey: Equatable {
  public static func == (left: P256.PublicKey, right: P256.PublicKey) -> Bool {
    left.spki == right.spki
  }
}

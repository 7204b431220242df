import COpenSSL

/// AES-256 in Galois/Counter Mode (NIST SP 800-38D) with nonces of 96 and tags of 128 bits.
public enum AES256GCM {
  public static let keyByteCount = 32
  public static let nonceByteCount = 12
  public static let tagByteCount = 16

  /// What `seal` makes and `open` takes. Nothing in it is secret.
  public struct Sealed: Equatable, Sendable {
    public let nonce: [UInt8]
    public let ciphertext: [UInt8]
    public let tag: [UInt8]

    /// Throws `invalidInput` where nonce or tag does not have its fixed size.
    public init(
      nonce: [UInt8], ciphertext: [UInt8], tag: [UInt8]
    ) throws(CryptographyError) {
      guard nonce.count == nonceByteCount, tag.count == tagByteCount else {
        throw CryptographyError(.invalidInput, "AES256GCM.Sealed")
      }
      self.nonce = nonce
      self.ciphertext = ciphertext
      self.tag = tag
    }

    /// Reads nonce || ciphertext || tag.
    public init(combined: [UInt8]) throws(CryptographyError) {
      guard combined.count >= nonceByteCount + tagByteCount else {
        throw CryptographyError(.invalidInput, "AES256GCM.Sealed")
      }
      try self.init(
        nonce: Array(combined.prefix(nonceByteCount)),
        ciphertext: Array(combined.dropFirst(nonceByteCount).dropLast(tagByteCount)),
        tag: Array(combined.suffix(tagByteCount)))
    }

    /// nonce || ciphertext || tag.
    public var combined: [UInt8] { nonce + ciphertext + tag }
  }

  /// Encrypts under a fresh random nonce.
  ///
  /// Random nonces of 96 bits allow 2^32 messages a key (SP 800-38D, 8.3).
  public static func seal(
    _ plaintext: SecretBytes, key: SecretBytes, associatedData: [UInt8] = []
  ) throws(CryptographyError) -> Sealed {
    let nonce = try randomBytes(count: nonceByteCount)
    return try seal(plaintext, key: key, nonce: nonce, associatedData: associatedData)
  }

  /// Encrypts under a nonce of the caller's, which must never have been used with this key before.
  public static func seal(
    _ plaintext: SecretBytes, key: SecretBytes, nonce: [UInt8], associatedData: [UInt8] = []
  ) throws(CryptographyError) -> Sealed {
    let cipher = try GCMContext.start(.encrypt, key: key, nonce: nonce)
    try cipher.authenticate(associatedData)
    var ciphertext = [UInt8](repeating: 0, count: plaintext.count)
    try plaintext.withUnsafeBytes { input throws(CryptographyError) in
      try ciphertext.withUnsafeMutableBufferPointer { output throws(CryptographyError) in
        try cipher.update(input, into: UnsafeMutableRawBufferPointer(output))
      }
    }
    return try Sealed(nonce: nonce, ciphertext: ciphertext, tag: try cipher.finishEncrypting())
  }

  /// Decrypts, or throws `authenticationFailed` and gives back nothing of the plaintext.
  public static func open(
    _ sealed: Sealed, key: SecretBytes, associatedData: [UInt8] = []
  ) throws(CryptographyError) -> SecretBytes {
    let cipher = try GCMContext.start(.decrypt, key: key, nonce: sealed.nonce)
    try cipher.authenticate(associatedData)
    // Throwing inside wipes the unauthenticated plaintext.
    return try SecretBytes(count: sealed.ciphertext.count) { output throws(CryptographyError) in
      try sealed.ciphertext.withUnsafeBufferPointer { input throws(CryptographyError) in
        try cipher.update(UnsafeRawBufferPointer(input), into: output)
      }
      try cipher.finishDecrypting(tag: sealed.tag)
    }
  }
}

/// A secret for the holder of one P-256 key (ECIES with ephemeral ECDH).
///
/// Format, version 1:
/// ```
/// envelope = 01 || ephemeral (65) || nonce (12) || ciphertext || tag (16)
/// ephemeral  the sender's public key for this envelope alone, uncompressed: 04 || x || y
/// shared   = ECDH(ephemeral private key, recipient's public key), the x coordinate, 32 bytes
/// key      = HKDF-SHA-256(secret = shared, salt = empty,
///                         info = "smartotp key envelope 1" || ephemeral || recipient, 32 bytes)
/// recipient  the recipient's public key, uncompressed, 65 bytes
/// ciphertext, tag = AES-256-GCM(key, nonce, associated data of the caller, secret)
/// ```
/// Sources: SP 800-56A (ECDH), RFC 5869 (HKDF), SP 800-38D (GCM). The envelope hides the secret and
/// shows that it was meant for this recipient and this associated data; it does not show who sealed
/// it, so it travels over an authenticated channel.
public enum KeyEnvelope {
  private static let version: UInt8 = 1
  private static let label = Array("smartotp key envelope 1".utf8)
  private static let pointByteCount = 1 + 2 * P256.coordinateByteCount
  /// How much longer an envelope is than its secret.
  public static let overheadByteCount =
    1 + pointByteCount + AES256GCM.nonceByteCount + AES256GCM.tagByteCount

  /// - Parameter associatedData: what the secret belongs to, such as device and card; opening takes
  ///   the same bytes.
  public static func seal(
    _ secret: SecretBytes, to recipient: P256.PublicKey, associatedData: [UInt8]
  ) throws(CryptographyError) -> [UInt8] {
    try seal(
      secret, to: recipient, associatedData: associatedData, ephemeral: .generate(),
      nonce: randomBytes(count: AES256GCM.nonceByteCount))
  }

  /// Throws `malformed` for another version, a size below the fixed parts, or an ephemeral key that is
  /// no point of the curve; `authenticationFailed` for another recipient, other associated data or
  /// any change.
  public static func open(
    _ envelope: [UInt8], with recipient: P256.PrivateKey, associatedData: [UInt8]
  ) throws(CryptographyError) -> SecretBytes {
    guard envelope.count >= overheadByteCount, envelope.first == version,
      let ephemeral = try? P256.PublicKey(x963: Array(envelope[1..<1 + pointByteCount]))
    else { throw CryptographyError(.malformed, "KeyEnvelope") }
    let shared = try recipient.sharedSecret(with: ephemeral)
    return try AES256GCM.open(
      .init(combined: Array(envelope.dropFirst(1 + pointByteCount))),
      key: key(from: shared, ephemeral: ephemeral, recipient: recipient.publicKey),
      associatedData: associatedData)
  }

  /// The ephemeral key and the nonce must never have been used before.
  static func seal(
    _ secret: SecretBytes, to recipient: P256.PublicKey, associatedData: [UInt8],
    ephemeral: P256.PrivateKey, nonce: [UInt8]
  ) throws(CryptographyError) -> [UInt8] {
    let shared = try ephemeral.sharedSecret(with: recipient)
    let key = try key(from: shared, ephemeral: ephemeral.publicKey, recipient: recipient)
    let sealed = try AES256GCM.seal(
      secret, key: key, nonce: nonce, associatedData: associatedData)
    return [version] + ephemeral.publicKey.x963 + sealed.combined
  }

  private static func key(
    from shared: SecretBytes, ephemeral: P256.PublicKey, recipient: P256.PublicKey
  ) throws(CryptographyError) -> SecretBytes {
    try HKDF.deriveKey(
      .sha256, from: shared, salt: [], info: label + ephemeral.x963 + recipient.x963,
      count: AES256GCM.keyByteCount)
  }
}

import COpenSSL

extension P256 {
  /// A private key. libcrypto keeps it and zeroes it when the last reference goes.
  public final class PrivateKey: Sendable {
    let key: Key
    public let publicKey: PublicKey

    private init(_ key: consuming Key) throws(CryptographyError) {
      self.publicKey = try PublicKey(spki: key.spki())
      self.key = key
    }

    /// A new key from libcrypto's generator for private values.
    public static func generate() throws(CryptographyError) -> PrivateKey {
      try PrivateKey(Key.generate())
    }

    /// Reads an unencrypted PKCS#8 PrivateKeyInfo in DER (RFC 5208, RFC 5915).
    ///
    /// Throws `invalidKey` for another curve or algorithm, for a private value that does not fit the
    /// public one, and for trailing bytes.
    public convenience init(pkcs8: SecretBytes) throws(CryptographyError) {
      try self.init(Key.decode(pkcs8: pkcs8))
    }

    /// Reads the private value alone: 32 bytes, big endian.
    public convenience init(scalar: SecretBytes) throws(CryptographyError) {
      guard scalar.count == P256.coordinateByteCount else {
        throw CryptographyError(.invalidKey, "P256.PrivateKey")
      }
      let prefix = SecretBytes(Key.pkcs8Prefix)
      try self.init(Key.decode(pkcs8: SecretBytes(concatenating: [prefix, scalar])))
    }

    /// Unencrypted PKCS#8 PrivateKeyInfo in DER.
    public func pkcs8() throws(CryptographyError) -> SecretBytes {
      try key.pkcs8()
    }

    /// ECDSA over the SHA-256 of `message`, as DER SEQUENCE { r, s } (RFC 3279, 2.2.3). The nonce is
    /// random, so two signatures of one message differ.
    public func sign(_ message: [UInt8]) throws(CryptographyError) -> [UInt8] {
      try key.sign(message)
    }

    /// ECDH: the shared point's x coordinate, 32 bytes (SP 800-56A, 5.7.1.2). Not a key yet: put it
    /// through `HKDF`.
    public func sharedSecret(with peer: PublicKey) throws(CryptographyError) -> SecretBytes {
      try key.sharedSecret(with: peer.key)
    }
  }
}

extension P256.PrivateKey: CustomStringConvertible, CustomReflectable {
  public var description: String { "<P-256 private key>" }
  public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}

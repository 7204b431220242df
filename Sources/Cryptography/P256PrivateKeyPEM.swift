import COpenSSL

extension P256.PrivateKey {
  /// Iterations of PBKDF2 that protect an encrypted key: some tenths of a second.
  public static let passphraseIterations = 600_000

  /// Reads the first private key of a text: PKCS#8 (RFC 5958), encrypted or not, or `EC PRIVATE KEY`.
  ///
  /// Throws `malformed` where there is none, `decryptionFailed` where it needs a passphrase and this
  /// is not it, and `invalidKey` for another curve or algorithm. Never asks on the terminal.
  public convenience init(
    pem: SecretBytes, passphrase: SecretBytes? = nil
  ) throws(CryptographyError) {
    let key = try PrivateKeyText.read(pem, passphrase: passphrase)
    let encoding = try key.withPointer { key throws(CryptographyError) in
      try pkcs8Encoding(key)
    }
    try self.init(pkcs8: encoding)
  }

  /// Unencrypted PKCS#8, for a file that its owner alone reads.
  public func pem() throws(CryptographyError) -> SecretBytes {
    try key.withPointer { key throws(CryptographyError) in try PrivateKeyText.write(key) }
  }

  /// PKCS#8 under AES-256-CBC and PBKDF2 with `passphraseIterations`.
  public func pem(passphrase: SecretBytes) throws(CryptographyError) -> String {
    try key.withPointer { key throws(CryptographyError) in
      try PrivateKeyText.write(
        key, passphrase: passphrase, iterations: CInt(Self.passphraseIterations))
    }
  }
}

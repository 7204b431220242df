import COpenSSL

/// A certificate with its private key, RSA (2048 bits or more) or EC, with which messages are signed:
/// an accredited certificate as its holder got it.
public final class SigningIdentity: Sendable {
  private static let minimumSecurityBits: CInt = 112

  public let certificate: Certificate
  /// The certificates that came along, which go into the messages.
  public let chain: [Certificate]
  let key: NativeObject

  /// Reads a PKCS#12 file (RFC 7292).
  ///
  /// Throws `malformed`, `decryptionFailed` for another passphrase, `tooCostly` where the file's own
  /// key derivation is, `unsupported` for ciphers of
  /// libcrypto's legacy provider (RC2, SEED), and `invalidInput` where certificate and key are missing,
  /// do not belong together, or are too weak or of another kind.
  public convenience init(
    pkcs12: [UInt8], passphrase: SecretBytes
  ) throws(CryptographyError) {
    let content = try PKCS12Content.read(pkcs12, passphrase: passphrase)
    try self.init(certificate: content.certificate, chain: content.chain, key: content.key)
  }

  /// Reads the certificate, the first of `certificates`, and those that came along, and a private key
  /// in any of its forms. Throws as `init(pkcs12:passphrase:)` does.
  public convenience init(
    certificates: [UInt8], key: SecretBytes, passphrase: SecretBytes? = nil
  ) throws(CryptographyError) {
    let chain = try Certificate.chain(pem: certificates)
    try self.init(
      certificate: chain[0], chain: Array(chain.dropFirst()),
      key: PrivateKeyText.read(key, passphrase: passphrase))
  }

  private init(
    certificate: Certificate, chain: [Certificate], key: consuming NativeObject
  ) throws(CryptographyError) {
    try key.withPointer { key throws(CryptographyError) in
      let kind = EVP_PKEY_get_base_id(key)
      guard kind == EVP_PKEY_RSA || kind == EVP_PKEY_EC,
        EVP_PKEY_get_security_bits(key) >= Self.minimumSecurityBits
      else { throw CryptographyError(.invalidInput, "SigningIdentity") }
      try certificate.native.withPointer { certificate throws(CryptographyError) in
        try check(
          X509_check_private_key(certificate, key), "X509_check_private_key", as: .invalidInput)
      }
    }
    self.certificate = certificate
    self.chain = chain
    self.key = key
  }
}

extension SigningIdentity: CustomStringConvertible, CustomReflectable {
  public var description: String { "<signing identity of \(certificate)>" }
  public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}

import COpenSSL

/// Private keys of any kind as PEM, in and out.
enum PrivateKeyText {
  /// Reads the first private key of a text: PKCS#8, plain or encrypted, and the older forms of RSA and
  /// EC keys.
  ///
  /// Throws `decryptionFailed` where a passphrase was needed and the right one not given, `malformed`
  /// where no key could be read, `tooCostly` where the text's own key derivation is.
  static func read(
    _ text: SecretBytes, passphrase: SecretBytes?
  ) throws(CryptographyError) -> NativeObject {
    var request = PassphraseRequest(passphrase: passphrase)
    let key = try text.withUnsafeBytes { text throws(CryptographyError) -> OpaquePointer? in
      guard text.count <= PEM.maximumByteCount else {
        throw CryptographyError(.malformed, "PEM")
      }
      try checkCost(of: text)
      let file = try require(
        BIO_new_mem_buf(text.bytePointer, CInt(text.count)), "BIO_new_mem_buf")
      defer { BIO_free(file) }
      return withUnsafeMutablePointer(to: &request) {
        PEM_read_bio_PrivateKey(file, nil, answerPassphrase, $0)
      }
    }
    let native = try NativeObject(
      owning: key, release: EVP_PKEY_free, "PEM_read_bio_PrivateKey",
      as: request.wasMade ? .decryptionFailed : .malformed)
    // The forms that were tried and did not fit leave errors behind.
    ERR_clear_error()
    return native
  }

  /// Looks at every block that libcrypto would try as an encrypted key.
  private static func checkCost(of text: UnsafeRawBufferPointer) throws(CryptographyError) {
    let file = try require(
      BIO_new_mem_buf(text.bytePointer, CInt(text.count)), "BIO_new_mem_buf")
    defer {
      BIO_free(file)
      ERR_clear_error()
    }
    let flags = UInt32(PEM_FLAG_SECURE | PEM_FLAG_EAY_COMPATIBLE)
    var budget = DerivationBudget()
    while true {
      var (name, header): (UnsafeMutablePointer<CChar>?, UnsafeMutablePointer<CChar>?)
      var block: UnsafeMutablePointer<UInt8>?
      var count = 0
      guard PEM_read_bio_ex(file, &name, &header, &block, &count, flags) == 1 else { return }
      defer {
        CRYPTO_secure_free(name, nil, 0)
        CRYPTO_secure_free(header, nil, 0)
        CRYPTO_secure_clear_free(block, count, nil, 0)
      }
      var position = UnsafePointer(block)
      guard let encrypted = d2i_X509_SIG(nil, &position, count) else { continue }
      defer { X509_SIG_free(encrypted) }
      var algorithm: UnsafePointer<X509_ALGOR>?
      X509_SIG_get0(encrypted, &algorithm, nil)
      try budget.spend(on: algorithm)
    }
  }

  /// Unencrypted PKCS#8. The text is as secret as the key.
  static func write(_ key: OpaquePointer) throws(CryptographyError) -> SecretBytes {
    let file = try require(BIO_new(BIO_s_secmem()), "BIO_new")
    defer { BIO_free(file) }
    try check(
      PEM_write_bio_PKCS8PrivateKey(file, key, nil, nil, 0, nil, nil),
      "PEM_write_bio_PKCS8PrivateKey")
    var start: UnsafeMutableRawPointer?
    let count = BIO_ctrl(file, BIO_CTRL_INFO, 0, &start)
    return SecretBytes(UnsafeRawBufferPointer(start: start, count: max(count, 0)))
  }

  /// PKCS#8 under AES-256-CBC, the key from PBKDF2 with HMAC-SHA-256 (RFC 8018, PBES2).
  static func write(
    _ key: OpaquePointer, passphrase: SecretBytes, iterations: CInt
  ) throws(CryptographyError) -> String {
    let info = try require(EVP_PKEY2PKCS8(key), "EVP_PKEY2PKCS8")
    defer { PKCS8_PRIV_KEY_INFO_free(info) }
    var salt = try randomBytes(count: 16)
    let encrypted = passphrase.withUnsafeBytes { passphrase in
      passphrase.withMemoryRebound(to: CChar.self) {
        // -1: PBES2 with the cipher given.
        PKCS8_encrypt(
          -1, EVP_aes_256_cbc(), $0.baseAddress, CInt(clamping: $0.count), &salt,
          CInt(salt.count), iterations, info)
      }
    }
    let native = try NativeObject(
      owning: encrypted, release: X509_SIG_free, "PKCS8_encrypt")
    return PEM.text(
      "ENCRYPTED PRIVATE KEY", try native.encode("i2d_X509_SIG", with: i2d_X509_SIG))
  }
}

/// What `answerPassphrase` is to say.
private struct PassphraseRequest {
  let passphrase: SecretBytes?
  var wasMade = false
}

/// Answers libcrypto's question for a passphrase, which it would otherwise put to the terminal.
private func answerPassphrase(
  buffer: UnsafeMutablePointer<CChar>?, size: CInt, isWriting: CInt,
  context: UnsafeMutableRawPointer?
) -> CInt {
  guard let context, let buffer else { return -1 }
  let request = context.assumingMemoryBound(to: PassphraseRequest.self)
  request.pointee.wasMade = true
  guard let passphrase = request.pointee.passphrase, passphrase.count <= Int(size) else {
    return -1
  }
  passphrase.withUnsafeBytes {
    UnsafeMutableRawBufferPointer(start: buffer, count: Int(size)).copyMemory(from: $0)
  }
  return CInt(passphrase.count)
}

import COpenSSL

extension P256 {
  /// Owns one EVP_PKEY. After `init` the key is only read, which libcrypto allows from any thread.
  struct Key: ~Copyable, @unchecked Sendable {
    private let pointer: OpaquePointer

    private init(owning pointer: OpaquePointer) {
      self.pointer = pointer
    }

    deinit {
      EVP_PKEY_free(pointer)
    }

    static func generate() throws(CryptographyError) -> Key {
      let context = try require(
        EVP_PKEY_CTX_new_from_name(nil, "EC", nil), "EVP_PKEY_CTX_new_from_name")
      defer { EVP_PKEY_CTX_free(context) }
      try check(EVP_PKEY_keygen_init(context), "EVP_PKEY_keygen_init")
      try check(EVP_PKEY_CTX_set_group_name(context, "P-256"), "EVP_PKEY_CTX_set_group_name")
      var pointer: OpaquePointer?
      try check(EVP_PKEY_generate(context, &pointer), "EVP_PKEY_generate")
      return Key(owning: try require(pointer, "EVP_PKEY_generate"))
    }

    func withContext<Result>(
      _ body: (OpaquePointer) throws(CryptographyError) -> Result
    ) throws(CryptographyError) -> Result {
      let context = try require(
        EVP_PKEY_CTX_new_from_pkey(nil, pointer, nil), "EVP_PKEY_CTX_new_from_pkey")
      defer { EVP_PKEY_CTX_free(context) }
      return try body(context)
    }

    func withPointer<Result>(
      _ body: (OpaquePointer) throws(CryptographyError) -> Result
    ) throws(CryptographyError) -> Result {
      try body(pointer)
    }
  }
}

// MARK: Encodings

extension P256.Key {
  /// A PrivateKeyInfo up to the private value's 32 bytes, without the optional public key.
  static let pkcs8Prefix: [UInt8] = [
    0x30, 0x41, 0x02, 0x01, 0x00,
    0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01,  // id-ecPublicKey
    0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07,  // prime256v1
    0x04, 0x27, 0x30, 0x25, 0x02, 0x01, 0x01, 0x04, 0x20,
  ]

  /// A SubjectPublicKeyInfo up to the point's 65 bytes.
  static let spkiPrefix: [UInt8] = [
    0x30, 0x59,
    0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01,
    0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07,
    0x03, 0x42, 0x00,
  ]

  static func decode(spki: [UInt8]) throws(CryptographyError) -> P256.Key {
    let decoded = spki.withUnsafeBytes { bytes -> OpaquePointer? in
      var position: UnsafePointer<UInt8>? = bytes.bytePointer
      let key = d2i_PUBKEY(nil, &position, bytes.count)
      return accept(key, ending: position, at: bytes)
    }
    let key = P256.Key(owning: try require(decoded, "d2i_PUBKEY", as: .invalidKey))
    try key.requireP256()
    try key.withContext { context throws(CryptographyError) in
      try check(EVP_PKEY_public_check(context), "EVP_PKEY_public_check", as: .invalidKey)
    }
    return key
  }

  static func decode(pkcs8: SecretBytes) throws(CryptographyError) -> P256.Key {
    let decoded = pkcs8.withUnsafeBytes { bytes -> OpaquePointer? in
      var position: UnsafePointer<UInt8>? = bytes.bytePointer
      guard let info = d2i_PKCS8_PRIV_KEY_INFO(nil, &position, bytes.count) else { return nil }
      defer { PKCS8_PRIV_KEY_INFO_free(info) }
      return accept(EVP_PKCS82PKEY(info), ending: position, at: bytes)
    }
    let key = P256.Key(owning: try require(decoded, "EVP_PKCS82PKEY", as: .invalidKey))
    try key.requireP256()
    try key.withContext { context throws(CryptographyError) in
      try check(EVP_PKEY_check(context), "EVP_PKEY_check", as: .invalidKey)
    }
    return key
  }

  func spki() throws(CryptographyError) -> [UInt8] {
    try withPointer { pointer throws(CryptographyError) in
      try encoded(pointer, "i2d_PUBKEY", with: i2d_PUBKEY)
    }
  }

  func pkcs8() throws(CryptographyError) -> SecretBytes {
    try withPointer { pointer throws(CryptographyError) in try pkcs8Encoding(pointer) }
  }

  private func requireP256() throws(CryptographyError) {
    try withPointer { pointer throws(CryptographyError) in
      var name = [CChar](repeating: 0, count: 64)
      var count = 0
      try check(
        EVP_PKEY_get_group_name(pointer, &name, name.count, &count),
        "EVP_PKEY_get_group_name", as: .invalidKey)
      guard name.prefix(count).elementsEqual("prime256v1".utf8.map(CChar.init(bitPattern:))) else {
        throw CryptographyError(.invalidKey, "EVP_PKEY_get_group_name")
      }
    }
  }
}

/// The unencrypted PKCS#8 encoding of an EVP_PKEY with a private key.
func pkcs8Encoding(_ key: OpaquePointer) throws(CryptographyError) -> SecretBytes {
  let info = try require(EVP_PKEY2PKCS8(key), "EVP_PKEY2PKCS8")
  defer { PKCS8_PRIV_KEY_INFO_free(info) }
  var encoded: UnsafeMutablePointer<UInt8>?
  let count = i2d_PKCS8_PRIV_KEY_INFO(info, &encoded)
  let start = try require(count > 0 ? encoded : nil, "i2d_PKCS8_PRIV_KEY_INFO")
  defer { CRYPTO_clear_free(start, Int(count), nil, 0) }
  return SecretBytes(UnsafeBufferPointer(start: start, count: Int(count)))
}

/// Refuses a key whose encoding did not fill the buffer.
private func accept(
  _ key: OpaquePointer?, ending position: UnsafePointer<UInt8>?, at bytes: UnsafeRawBufferPointer
) -> OpaquePointer? {
  if position == bytes.bytePointer + bytes.count { return key }
  EVP_PKEY_free(key)
  return nil
}

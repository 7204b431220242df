import COpenSSL

/// HKDF (RFC 5869): a key of the wanted size from a secret that need not be uniform.
public enum HKDF {
  /// Extract, then expand.
  ///
  /// - Parameters:
  ///   - salt: not secret; empty means as many zero bytes as the hash gives (RFC 5869, 2.2).
  ///   - info: what the key is for, so that two uses of one secret never share a key; libcrypto
  ///     takes up to 1024 bytes.
  ///   - count: 1 to 255 times the hash's size.
  public static func deriveKey(
    _ hash: Hash, from secret: SecretBytes, salt: [UInt8], info: [UInt8], count: Int
  ) throws(CryptographyError) -> SecretBytes {
    guard (1...255 * hash.byteCount).contains(count) else {
      throw CryptographyError(.invalidInput, "HKDF")
    }
    let context = try require(EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nil), "EVP_PKEY_CTX_new_id")
    defer { EVP_PKEY_CTX_free(context) }
    try check(EVP_PKEY_derive_init(context), "EVP_PKEY_derive_init")
    try check(
      EVP_PKEY_CTX_set_hkdf_md(context, hash.algorithm()), "EVP_PKEY_CTX_set_hkdf_md")
    try setKey(secret, of: context)
    try set(salt, of: context, with: EVP_PKEY_CTX_set1_hkdf_salt, "EVP_PKEY_CTX_set1_hkdf_salt")
    try set(info, of: context, with: EVP_PKEY_CTX_add1_hkdf_info, "EVP_PKEY_CTX_add1_hkdf_info")
    return try SecretBytes(count: count) { output throws(CryptographyError) in
      var written = output.count
      try check(EVP_PKEY_derive(context, output.bytePointer, &written), "EVP_PKEY_derive")
    }
  }

  private static func setKey(
    _ secret: SecretBytes, of context: OpaquePointer
  ) throws(CryptographyError) {
    try secret.withUnsafeBytes { key throws(CryptographyError) in
      try check(
        EVP_PKEY_CTX_set1_hkdf_key(context, key.bytePointer, try size(key.count)),
        "EVP_PKEY_CTX_set1_hkdf_key")
    }
  }

  private static func set(
    _ bytes: [UInt8], of context: OpaquePointer,
    with setter: (OpaquePointer, UnsafePointer<UInt8>, CInt) -> CInt, _ operation: String
  ) throws(CryptographyError) {
    if bytes.isEmpty { return }
    try check(setter(context, bytes, try size(bytes.count)), operation)
  }

  private static func size(_ count: Int) throws(CryptographyError) -> CInt {
    guard let size = CInt(exactly: count) else { throw CryptographyError(.invalidInput, "HKDF") }
    return size
  }
}

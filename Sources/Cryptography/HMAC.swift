import COpenSSL

/// HMAC (RFC 2104) of `message` under `key`, as many bytes as the hash gives.
///
/// Throws only where libcrypto itself fails, for instance when its configuration withholds the hash.
public func hmac(
  _ hash: Hash, key: SecretBytes, message: [UInt8]
) throws(CryptographyError) -> [UInt8] {
  var output = [UInt8](repeating: 0, count: hash.byteCount)
  let context = try require(EVP_MAC_CTX_dup(hash.keylessHMAC()), "EVP_MAC_CTX_dup")
  defer { EVP_MAC_CTX_free(context) }
  try key.withUnsafeBytes { key throws(CryptographyError) in
    try check(EVP_MAC_init(context, key.bytePointer, key.count, nil), "EVP_MAC_init")
  }
  try check(EVP_MAC_update(context, message, message.count), "EVP_MAC_update")
  var written = 0
  try check(EVP_MAC_final(context, &output, &written, output.count), "EVP_MAC_final")
  return output
}

extension Hash {
  /// A context that knows its hash and no key. Copying it saves two fetches a call.
  fileprivate func keylessHMAC() throws(CryptographyError) -> OpaquePointer {
    let template =
      switch self {
      case .sha1: KeylessHMACs.sha1
      case .sha256: KeylessHMACs.sha256
      case .sha512: KeylessHMACs.sha512
      }
    return try require(template, "EVP_MAC_fetch")
  }
}

// Only ever the source of EVP_MAC_CTX_dup, which reads it.
private enum KeylessHMACs {
  nonisolated(unsafe) static let sha1 = make(.sha1)
  nonisolated(unsafe) static let sha256 = make(.sha256)
  nonisolated(unsafe) static let sha512 = make(.sha512)

  private static func make(_ hash: Hash) -> OpaquePointer? {
    guard let algorithm = EVP_MAC_fetch(nil, "HMAC", nil) else { return nil }
    defer { EVP_MAC_free(algorithm) }
    guard let context = EVP_MAC_CTX_new(algorithm) else { return nil }
    guard setDigest(hash, of: context) else {
      EVP_MAC_CTX_free(context)
      return nil
    }
    return context
  }

  private static func setDigest(_ hash: Hash, of context: OpaquePointer) -> Bool {
    // A parameter keeps both pointers, so both must be to static storage.
    let name: StaticString = "digest"  // OSSL_MAC_PARAM_DIGEST
    let digest = OSSL_PARAM_construct_utf8_string(
      name.cString, UnsafeMutablePointer(mutating: hash.name.cString), 0)
    return EVP_MAC_CTX_set_params(context, [digest, OSSL_PARAM_construct_end()]) == 1
  }
}

extension StaticString {
  fileprivate var cString: UnsafePointer<CChar> {
    UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self)
  }
}

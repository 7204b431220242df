import COpenSSL

/// `count` bytes from libcrypto's generator, for values that may be public: nonces, challenges, salts.
/// For keys use `SecretBytes.random(count:)`.
public func randomBytes(count: Int) throws(CryptographyError) -> [UInt8] {
  guard count >= 0 else { throw CryptographyError(.invalidInput, "randomBytes") }
  var bytes = [UInt8](repeating: 0, count: count)
  try check(RAND_bytes_ex(nil, &bytes, count, 0), "RAND_bytes_ex")
  return bytes
}

import COpenSSL

/// PBKDF2 (RFC 8018, 5.2): a key from a password.
public enum PBKDF2 {
  /// The most iterations accepted: some seconds of work, whatever a file claims to need.
  public static let maximumIterations = 10_000_000

  /// - Parameters:
  ///   - iterations: 1 to `maximumIterations`.
  ///   - count: 1 to 1024 bytes.
  public static func deriveKey(
    _ hash: Hash, from password: SecretBytes, salt: [UInt8], iterations: Int, count: Int
  ) throws(CryptographyError) -> SecretBytes {
    guard (1...maximumIterations).contains(iterations), (1...1024).contains(count),
      let passwordSize = CInt(exactly: password.count), let saltSize = CInt(exactly: salt.count)
    else { throw CryptographyError(.invalidInput, "PBKDF2") }
    let algorithm = try hash.algorithm()
    return try SecretBytes(count: count) { output throws(CryptographyError) in
      let result = password.withUnsafeBytes { password in
        PKCS5_PBKDF2_HMAC(
          password.bytePointer, passwordSize, salt, saltSize, CInt(iterations), algorithm,
          CInt(count), output.bytePointer)
      }
      try check(result, "PKCS5_PBKDF2_HMAC")
    }
  }
}

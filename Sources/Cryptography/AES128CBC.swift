import COpenSSL

/// AES-128 in cipher block chaining mode with PKCS#7 padding (SP 800-38A; RFC 5652, 6.3), as PSKC
/// (RFC 6030) uses it.
///
/// It hides and does not authenticate: check a MAC over the ciphertext before decrypting, or whoever
/// sees which ciphertexts are refused can find the plaintext.
public enum AES128CBC {
  public static let keyByteCount = 16
  public static let blockByteCount = 16

  /// - Parameter initializationVector: 16 bytes, fresh and random for each plaintext.
  /// - Returns: 1 to 16 bytes more than the plaintext, a multiple of 16.
  public static func encrypt(
    _ plaintext: SecretBytes, key: SecretBytes, initializationVector: [UInt8]
  ) throws(CryptographyError) -> [UInt8] {
    let context = try start(key: key, initializationVector, encrypting: true)
    return try context.withPointer { context throws(CryptographyError) in
      let size = try size(plaintext.count) / blockByteCount * blockByteCount + blockByteCount
      var ciphertext = [UInt8](repeating: 0, count: size)
      try ciphertext.withUnsafeMutableBufferPointer { output throws(CryptographyError) in
        try plaintext.withUnsafeBytes { input throws(CryptographyError) in
          _ = try finish(context, input, into: UnsafeMutableRawBufferPointer(output))
        }
      }
      return ciphertext
    }
  }

  /// Throws `decryptionFailed` where the padding is not one, as for another key, and `invalidInput` for
  /// no ciphertext or a part of a block.
  public static func decrypt(
    _ ciphertext: [UInt8], key: SecretBytes, initializationVector: [UInt8]
  ) throws(CryptographyError) -> SecretBytes {
    guard !ciphertext.isEmpty, ciphertext.count.isMultiple(of: blockByteCount) else {
      throw CryptographyError(.invalidInput, "AES128CBC")
    }
    let context = try start(key: key, initializationVector, encrypting: false)
    var count = 0
    let padded = try context.withPointer { context throws(CryptographyError) in
      try SecretBytes(count: ciphertext.count) { output throws(CryptographyError) in
        try ciphertext.withUnsafeBufferPointer { input throws(CryptographyError) in
          count = try finish(context, UnsafeRawBufferPointer(input), into: output)
        }
      }
    }
    return padded.withUnsafeBytes { SecretBytes($0.prefix(count)) }
  }

  private static func start(
    key: SecretBytes, _ initializationVector: [UInt8], encrypting: Bool
  ) throws(CryptographyError) -> NativeObject {
    guard key.count == keyByteCount, initializationVector.count == blockByteCount else {
      throw CryptographyError(.invalidInput, "AES128CBC")
    }
    let context = try NativeObject(
      owning: EVP_CIPHER_CTX_new(), release: EVP_CIPHER_CTX_free, "EVP_CIPHER_CTX_new")
    try context.withPointer { context throws(CryptographyError) in
      let result = key.withUnsafeBytes {
        EVP_CipherInit_ex2(
          context, EVP_aes_128_cbc(), $0.bytePointer, initializationVector, encrypting ? 1 : 0, nil)
      }
      try check(result, "EVP_CipherInit_ex2")
    }
    return context
  }

  /// How many bytes were written. `output` has room for the padding.
  private static func finish(
    _ context: OpaquePointer, _ input: UnsafeRawBufferPointer,
    into output: UnsafeMutableRawBufferPointer
  ) throws(CryptographyError) -> Int {
    var updated: CInt = 0
    try check(
      EVP_CipherUpdate(
        context, output.bytePointer, &updated, input.bytePointer, CInt(try size(input.count))),
      "EVP_CipherUpdate")
    var finished: CInt = 0
    try check(
      EVP_CipherFinal_ex(context, output.bytePointer + Int(updated), &finished),
      "EVP_CipherFinal_ex", as: .decryptionFailed)
    return Int(updated + finished)
  }

  private static func size(_ count: Int) throws(CryptographyError) -> Int {
    // A block less than the C API's int can count.
    guard count < Int(CInt.max) - blockByteCount else {
      throw CryptographyError(.invalidInput, "AES128CBC")
    }
    return count
  }
}

import COpenSSL

/// AES in cipher block chaining mode (NIST SP 800-38A, 6.2) under keys of 128, 192 or 256 bits.
///
/// It hides a text and proves nothing: authenticate `IV || ciphertext` with a MAC, and check the MAC
/// before decrypting, or every refusal tells an attacker something of the plaintext. For formats that
/// ask for it; new ones use `AES256GCM`.
public enum AESCBC {
  public static let blockByteCount = 16

  /// How the last block was filled.
  public enum Padding: Equatable, Sendable {
    /// Every byte of the padding is their number, 1 to 16 (PKCS#7, RFC 5652, 6.3).
    case pkcs7
    /// The last byte is their number, the others are anything (XML Encryption, 5.2; ISO 10126).
    /// PKCS#7 is a case of it.
    case lastByte
  }

  /// IV || ciphertext with PKCS#7 padding, under a fresh random IV.
  public static func encrypt(
    _ plaintext: SecretBytes, key: SecretBytes
  ) throws(CryptographyError) -> [UInt8] {
    let initializationVector = try randomBytes(count: blockByteCount)
    return try encrypt(plaintext, key: key, initializationVector: initializationVector)
  }

  /// As above under an IV of the caller's, 16 bytes nobody could predict.
  ///
  /// Throws `invalidInput` for a key or an IV of another size.
  public static func encrypt(
    _ plaintext: SecretBytes, key: SecretBytes, initializationVector: [UInt8]
  ) throws(CryptographyError) -> [UInt8] {
    let padded = SecretBytes(concatenating: [plaintext, padding(after: plaintext.count)])
    var ciphertext = [UInt8](repeating: 0, count: padded.count)
    try padded.withUnsafeBytes { input throws(CryptographyError) in
      try ciphertext.withUnsafeMutableBufferPointer { output throws(CryptographyError) in
        try run(
          .encrypt, key, initializationVector, input, into: UnsafeMutableRawBufferPointer(output))
      }
    }
    return initializationVector + ciphertext
  }

  /// Decrypts IV || ciphertext.
  ///
  /// Throws `invalidInput` for a key of another size or a text that is not an IV and one or more
  /// blocks, and `decryptionFailed` where the padding is not one: a wrong key or a changed text, though
  /// 1 in 256 of those goes unnoticed here.
  public static func decrypt(
    _ text: [UInt8], key: SecretBytes, padding: Padding = .pkcs7
  ) throws(CryptographyError) -> SecretBytes {
    guard text.count >= 2 * blockByteCount, text.count.isMultiple(of: blockByteCount) else {
      throw CryptographyError(.invalidInput, "AESCBC")
    }
    let initializationVector = Array(text.prefix(blockByteCount))
    let padded = try SecretBytes(count: text.count - blockByteCount) {
      output throws(CryptographyError) in
      try text.withUnsafeBufferPointer { text throws(CryptographyError) in
        let input = UnsafeRawBufferPointer(text)[blockByteCount...]
        try run(
          .decrypt, key, initializationVector, UnsafeRawBufferPointer(rebasing: input),
          into: output)
      }
    }
    return try padded.withUnsafeBytes { bytes throws(CryptographyError) in
      guard let count = padding.contentCount(of: bytes) else {
        throw CryptographyError(.decryptionFailed, "AESCBC")
      }
      return SecretBytes(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
    }
  }

  private enum Direction: CInt {
    case decrypt = 0
    case encrypt = 1
  }

  /// `input` is whole blocks; `output` is as large.
  private static func run(
    _ direction: Direction, _ key: SecretBytes, _ initializationVector: [UInt8],
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(CryptographyError) {
    guard initializationVector.count == blockByteCount, let count = CInt(exactly: input.count)
    else { throw CryptographyError(.invalidInput, "AESCBC") }
    let cipher = try FetchedCiphers.cipher(keyByteCount: key.count)
    let context = try NativeObject(
      owning: EVP_CIPHER_CTX_new(), release: EVP_CIPHER_CTX_free, "EVP_CIPHER_CTX_new")
    try context.withPointer { context throws(CryptographyError) in
      let result = key.withUnsafeBytes {
        EVP_CipherInit_ex2(
          context, cipher, $0.bytePointer, initializationVector, direction.rawValue, nil)
      }
      try check(result, "EVP_CipherInit_ex2")
      try check(EVP_CIPHER_CTX_set_padding(context, 0), "EVP_CIPHER_CTX_set_padding")
      var written: CInt = 0
      try check(
        EVP_CipherUpdate(context, output.bytePointer, &written, input.bytePointer, count),
        "EVP_CipherUpdate")
      guard written == count else { throw CryptographyError(.libraryFailure, "EVP_CipherUpdate") }
    }
  }

  private static func padding(after count: Int) -> SecretBytes {
    let missing = blockByteCount - count % blockByteCount
    return SecretBytes([UInt8](repeating: UInt8(missing), count: missing))
  }
}

extension AESCBC.Padding {
  /// How many of `bytes`, at least one block, are in front of the padding.
  fileprivate func contentCount(of bytes: UnsafeRawBufferPointer) -> Int? {
    guard let last = bytes.last, (1...AESCBC.blockByteCount).contains(Int(last)) else { return nil }
    let count = bytes.count - Int(last)
    var difference: UInt8 = 0
    for byte in bytes[count...] { difference |= byte ^ last }
    return self == .lastByte || difference == 0 ? count : nil
  }
}

// An EVP_CIPHER is immutable and shared between threads by design.
private enum FetchedCiphers {
  nonisolated(unsafe) private static let aes128 = EVP_CIPHER_fetch(nil, "AES-128-CBC", nil)
  nonisolated(unsafe) private static let aes192 = EVP_CIPHER_fetch(nil, "AES-192-CBC", nil)
  nonisolated(unsafe) private static let aes256 = EVP_CIPHER_fetch(nil, "AES-256-CBC", nil)

  static func cipher(keyByteCount: Int) throws(CryptographyError) -> OpaquePointer {
    switch keyByteCount {
    case 16: return try require(aes128, "EVP_CIPHER_fetch")
    case 24: return try require(aes192, "EVP_CIPHER_fetch")
    case 32: return try require(aes256, "EVP_CIPHER_fetch")
    default: throw CryptographyError(.invalidInput, "AESCBC")
    }
  }
}

import COpenSSL

/// One encryption or decryption: associated data, then text, then the tag.
struct GCMContext: ~Copyable {
  enum Direction: CInt {
    case decrypt = 0
    case encrypt = 1
  }

  private let context: OpaquePointer

  private init() throws(CryptographyError) {
    context = try require(EVP_CIPHER_CTX_new(), "EVP_CIPHER_CTX_new")
  }

  static func start(
    _ direction: Direction, key: SecretBytes, nonce: [UInt8]
  ) throws(CryptographyError) -> GCMContext {
    guard key.count == AES256GCM.keyByteCount, nonce.count == AES256GCM.nonceByteCount else {
      throw CryptographyError(.invalidInput, "AES256GCM")
    }
    let cipher = try require(fetchedCipher, "EVP_CIPHER_fetch")
    let new = try GCMContext()
    let result = key.withUnsafeBytes {
      EVP_CipherInit_ex2(new.context, cipher, $0.bytePointer, nonce, direction.rawValue, nil)
    }
    try check(result, "EVP_CipherInit_ex2")
    return new
  }

  deinit {
    EVP_CIPHER_CTX_free(context)
  }

  func authenticate(_ associatedData: [UInt8]) throws(CryptographyError) {
    if associatedData.isEmpty { return }
    var written: CInt = 0
    let count = try Self.size(associatedData.count)
    try check(
      EVP_CipherUpdate(context, nil, &written, associatedData, count), "EVP_CipherUpdate")
  }

  /// `output` is as large as `input`.
  func update(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(CryptographyError) {
    if input.isEmpty { return }
    var written: CInt = 0
    let count = try Self.size(input.count)
    try check(
      EVP_CipherUpdate(context, output.bytePointer, &written, input.bytePointer, count),
      "EVP_CipherUpdate")
  }

  func finishEncrypting() throws(CryptographyError) -> [UInt8] {
    try finish(orFail: .libraryFailure)
    var tag = [UInt8](repeating: 0, count: AES256GCM.tagByteCount)
    try check(
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, CInt(tag.count), &tag),
      "EVP_CTRL_AEAD_GET_TAG")
    return tag
  }

  func finishDecrypting(tag: [UInt8]) throws(CryptographyError) {
    var tag = tag
    try check(
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, CInt(tag.count), &tag),
      "EVP_CTRL_AEAD_SET_TAG")
    try finish(orFail: .authenticationFailed)
  }

  /// A stream mode: the last call gives no more text.
  private func finish(orFail reason: CryptographyError.Reason) throws(CryptographyError) {
    var none: UInt8 = 0
    var written: CInt = 0
    try check(EVP_CipherFinal_ex(context, &none, &written), "EVP_CipherFinal_ex", as: reason)
  }

  private static func size(_ count: Int) throws(CryptographyError) -> CInt {
    guard let size = CInt(exactly: count) else {
      throw CryptographyError(.invalidInput, "AES256GCM")
    }
    return size
  }
}

// An EVP_CIPHER is immutable and shared between threads by design.
nonisolated(unsafe) private let fetchedCipher = EVP_CIPHER_fetch(nil, "AES-256-GCM", nil)

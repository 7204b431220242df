import COpenSSL

/// What failed, in which call, and what libcrypto said about it.
///
/// An error never holds input or output of the operation: keys, plaintexts and codes stay out of logs.
public struct CryptographyError: Error, Equatable, Sendable {
  public enum Reason: Equatable, Sendable {
    /// The authentication tag does not belong to this ciphertext, key, nonce and associated data.
    case authenticationFailed
    /// A signature that was not made by the key it should be from, over other bytes, or with an
    /// algorithm that is not accepted there.
    case badSignature
    /// The ciphertext does not decrypt: another key or passphrase, or damaged.
    case decryptionFailed
    /// A key, nonce, tag, encoding or count has a size or value outside the documented range.
    case invalidInput
    /// The encoding is not that of a valid key on curve P-256.
    case invalidKey
    /// libcrypto refused or could not do the operation; `nativeCodes` says why.
    case libraryFailure
    /// The bytes are not the encoding of what they should be.
    case malformed
    /// A file whose own key derivation takes more work than `PBKDF2.maximumIterations`.
    case tooCostly
    /// Well formed, but protected by an algorithm that libcrypto does not offer here, such as those
    /// of its legacy provider.
    case unsupported
  }

  public let reason: Reason
  /// The libcrypto function, or the type whose input was refused.
  public let operation: String
  /// libcrypto's packed error codes for this thread, oldest first. Empty where it gave none.
  public let nativeCodes: [UInt]

  init(_ reason: Reason, _ operation: String, nativeCodes: [UInt] = []) {
    self.reason = reason
    self.operation = operation
    self.nativeCodes = nativeCodes
  }

  /// The error that libcrypto left on this thread's queue, which is empty afterwards.
  static func native(
    _ operation: String, as reason: Reason = .libraryFailure
  ) -> CryptographyError {
    CryptographyError(reason, operation, nativeCodes: drainErrorQueue())
  }
}

extension CryptographyError: CustomStringConvertible {
  /// One line: the reason, the call, and libcrypto's own words (library and reason, no data).
  public var description: String {
    let words = nativeCodes.map(Self.nativeText)
    return ([String(describing: reason), operation] + words).joined(separator: ": ")
  }

  private static func nativeText(_ code: UInt) -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    ERR_error_string_n(code, &buffer, buffer.count)
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}

/// libcrypto keeps at most 16 errors a thread; a longer loop would be a defect there.
private func drainErrorQueue() -> [UInt] {
  var codes: [UInt] = []
  for _ in 0..<64 {
    let code = ERR_get_error()
    if code == 0 { break }
    codes.append(code)
  }
  return codes
}

/// Throws unless a libcrypto call returned 1, its word for success.
func check(
  _ result: CInt, _ operation: String, as reason: CryptographyError.Reason = .libraryFailure
) throws(CryptographyError) {
  guard result == 1 else { throw .native(operation, as: reason) }
}

/// Throws where a libcrypto call that should have made an object returned none.
func require<T>(
  _ object: T?, _ operation: String, as reason: CryptographyError.Reason = .libraryFailure
) throws(CryptographyError) -> T {
  guard let object else { throw .native(operation, as: reason) }
  return object
}

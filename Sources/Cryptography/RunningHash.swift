import COpenSSL

/// A digest of what comes in pieces, such as a file that is too large for memory.
public struct RunningHash: ~Copyable {
  private let context: OpaquePointer
  private let byteCount: Int

  public init(_ hash: Hash) throws(CryptographyError) {
    let algorithm = try hash.algorithm()
    let new = try require(EVP_MD_CTX_new(), "EVP_MD_CTX_new")
    do throws(CryptographyError) {
      try check(EVP_DigestInit_ex(new, algorithm, nil), "EVP_DigestInit_ex")
    } catch {
      EVP_MD_CTX_free(new)
      throw error
    }
    context = new
    byteCount = hash.byteCount
  }

  deinit { EVP_MD_CTX_free(context) }

  /// Takes the first `count` of `bytes`, all of them where there are no more.
  public mutating func update(_ bytes: [UInt8], count: Int = .max) throws(CryptographyError) {
    let count = max(0, min(count, bytes.count))
    try check(EVP_DigestUpdate(context, bytes, count), "EVP_DigestUpdate")
  }

  /// The digest of all pieces.
  public consuming func finish() throws(CryptographyError) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: byteCount)
    var written: CUnsignedInt = 0
    try check(EVP_DigestFinal_ex(context, &output, &written), "EVP_DigestFinal_ex")
    return output
  }
}

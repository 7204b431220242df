import COpenSSL

/// Memory that is never swapped and in no core dump: libcrypto's secure heap, with pages that nobody
/// may touch on both sides. Once it is there, each `SecretBytes` and libcrypto's private keys live in
/// it for as long as there is room, and in ordinary memory beyond.
public enum LockedMemory {
  /// Room for some thousand secrets.
  private static let wantedByteCount = 131_072
  private static let leastByteCount = 16_384
  /// An access key's size. Smaller secrets take as much.
  private static let pieceByteCount = 16
  /// Larger secrets stay outside: libcrypto's own keys need room too, and fail without.
  static let maximumPieceByteCount = 8192

  /// Reserves as much as the system lets this process lock (RLIMIT_MEMLOCK); pages count when they
  /// are used. To be called before the first secret is made: what exists stays where it is. A second
  /// call changes nothing.
  ///
  /// - Returns: whether secrets are locked from now on.
  @discardableResult
  public static func reserve() -> Bool {
    if isReserved { return true }
    // The heap's size is a power of two.
    var size = wantedByteCount
    while size >= leastByteCount {
      // 1: as asked for; 2: there, but not locked, or without its guards; 0: not there.
      if CRYPTO_secure_malloc_init(size, pieceByteCount) == 1 { return true }
      CRYPTO_secure_malloc_done()
      size /= 2
    }
    return false
  }

  public static var isReserved: Bool { CRYPTO_secure_malloc_initialized() == 1 }

  /// Bytes of it in use.
  public static var usedByteCount: Int { Int(CRYPTO_secure_used()) }
}

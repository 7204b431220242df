/// The eight bytes that a card is asked to authenticate for one transaction at one time. None of them
/// is zero, so a chip that cannot notice a lost zero byte cannot make a wrong code of them.
public struct TransactionChallenge: Equatable, Sendable {
  public static let byteCount = 8

  public let bytes: [UInt8]

  /// - Parameters:
  ///   - challengeTime: when the transaction was claimed, by the centre's clock, in Unix seconds. A
  ///     later claim gives another challenge, so the earlier code is void.
  ///   - sha256: computes SHA-256 of a message: 32 bytes.
  public init<Failure: Error>(
    canonicalForm: [UInt8], challengeTime: UInt64, sha256: ([UInt8]) throws(Failure) -> [UInt8]
  ) throws(Failure) {
    let digest = try sha256(canonicalForm + challengeTime.bigEndianBytes)
    precondition(
      digest.count == HashFunction.sha256.byteCount, "the digest function is not SHA-256")
    bytes = digest.prefix(Self.byteCount).map { $0 == 0 ? 1 : $0 }
  }
}

/// The code that vouches for a transaction: 6 digits from HMAC-SHA-256.
public enum TransactionCode {
  public static let hash = HashFunction.sha256
  public static let digits = DigitCount.six

  /// The code for `challenge` under the card's key, which the closure holds.
  public static func code<Failure: Error>(
    for challenge: TransactionChallenge, hmac: HMACFunction<Failure>
  ) throws(Failure) -> OneTimeCode {
    truncate(try hmac(hash, challenge.bytes), of: hash).code(digits)
  }

  /// The code from a card that computed and truncated the HMAC itself.
  public static func code(from response: TruncatedResponse) -> OneTimeCode {
    response.code(digits)
  }
}

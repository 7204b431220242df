/// The hash functions under an HMAC (RFC 6238, 1.2; RFC 6287, 5.2).
public enum HashFunction: CaseIterable, Equatable, Sendable {
  case sha1, sha256, sha512

  /// The size of a digest, and so of an HMAC, in bytes.
  public var byteCount: Int {
    switch self {
    case .sha1: 20
    case .sha256: 32
    case .sha512: 64
    }
  }
}

/// Computes HMAC (RFC 2104) of a message with the hash named, under a key that the closure holds.
///
/// Keys stay with whoever owns them: a crypto library, a secure element. The result must have
/// `HashFunction.byteCount` bytes; anything else is a programmer's mistake.
public typealias HMACFunction<Failure: Error> = (
  _ hash: HashFunction, _ message: [UInt8]
) throws(Failure) -> [UInt8]

import COpenSSL

/// The hash functions of one-time passwords and of this project (FIPS 180-4).
public enum Hash: CaseIterable, Equatable, Sendable {
  case sha1, sha256, sha512

  /// The size of a digest in bytes.
  public var byteCount: Int {
    switch self {
    case .sha1: 20
    case .sha256: 32
    case .sha512: 64
    }
  }

  /// The digest of `message`.
  public func digest(_ message: [UInt8]) throws(CryptographyError) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: byteCount)
    var written: CUnsignedInt = 0
    let algorithm = try algorithm()
    try check(
      EVP_Digest(message, message.count, &output, &written, algorithm, nil), "EVP_Digest")
    return output
  }
}

/// The SHA-256 digest of `message`, 32 bytes.
public func sha256(_ message: [UInt8]) throws(CryptographyError) -> [UInt8] {
  try Hash.sha256.digest(message)
}

extension Hash {
  /// The name under which libcrypto knows it.
  var name: StaticString {
    switch self {
    case .sha1: "SHA1"
    case .sha256: "SHA256"
    case .sha512: "SHA512"
    }
  }

  /// libcrypto's implementation, fetched once: a fetch costs more than a short digest.
  func algorithm() throws(CryptographyError) -> OpaquePointer {
    let fetched =
      switch self {
      case .sha1: FetchedDigests.sha1
      case .sha256: FetchedDigests.sha256
      case .sha512: FetchedDigests.sha512
      }
    return try require(fetched, "EVP_MD_fetch")
  }
}

// An EVP_MD is immutable and shared between threads by design.
private enum FetchedDigests {
  nonisolated(unsafe) static let sha1 = fetch(.sha1)
  nonisolated(unsafe) static let sha256 = fetch(.sha256)
  nonisolated(unsafe) static let sha512 = fetch(.sha512)

  private static func fetch(_ hash: Hash) -> OpaquePointer? {
    EVP_MD_fetch(nil, hash.name.description, nil)
  }
}

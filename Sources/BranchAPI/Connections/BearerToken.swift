import Cryptography

/// What a client on the loopback port shows (RFC 6750, 2.1).
enum BearerToken {
  /// - Throws: `tokenUnusable` for a token that is short, or holds other than visible ASCII.
  static func digest(of token: SecretBytes) throws(BranchServerError) -> [UInt8] {
    let digest: [UInt8]? = token.withUnsafeBytes { bytes in
      var end = bytes.count
      while end > 0, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
      let text = bytes[..<end]
      guard end >= BranchServerConfiguration.Loopback.minimumTokenByteCount,
        text.allSatisfy({ (0x21...0x7E).contains($0) })
      else { return nil }
      return try? sha256(Array(text))
    }
    guard let digest else { throw .tokenUnusable }
    return digest
  }

  /// Whether an Authorization field shows the token of `digest`, in a time that does not depend on
  /// how much of it is right.
  static func isShown(in field: String, digest: [UInt8]) -> Bool {
    guard let shown = token(in: field), let other = try? sha256(Array(shown.utf8)) else {
      return false
    }
    return constantTimeEqual(other, digest)
  }

  private static func token(in field: String) -> Substring? {
    let parts = field.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
    return parts[1].drop { $0 == " " }
  }
}

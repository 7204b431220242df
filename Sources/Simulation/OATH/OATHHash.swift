import Cryptography

extension OATHCredential.Algorithm {
  /// HMAC with this hash; empty only where libcrypto withholds it.
  func mac(_ key: [UInt8], _ message: [UInt8]) -> [UInt8] {
    (try? hmac(hash, key: SecretBytes(key), message: message)) ?? []
  }

  private var hash: Hash {
    switch self {
    case .sha1: .sha1
    case .sha256: .sha256
    case .sha512: .sha512
    }
  }
}

/// Dynamic truncation (RFC 4226 §5.3): four bytes, the topmost bit clear.
func dynamicallyTruncated(_ mac: [UInt8]) -> [UInt8] {
  guard let last = mac.last, Int(last & 0x0F) + 4 <= mac.count else { return [] }
  var part = Array(mac[Int(last & 0x0F)...].prefix(4))
  part[0] &= 0x7F
  return part
}

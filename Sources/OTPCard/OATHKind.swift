import Cryptography
import OneTimePassword

/// How a credential's code moves on.
public enum OATHKind: UInt8, Hashable, Sendable {
  /// By a counter on the card (RFC 4226).
  case hotp = 0x10
  /// By the challenge it is given, for a code by time (RFC 6238) or for a transaction.
  case totp = 0x20
}

extension HashFunction {
  /// The low nibble of an algorithm byte.
  var oathCode: UInt8 {
    switch self {
    case .sha1: 1
    case .sha256: 2
    case .sha512: 3
    }
  }

  init?(oathCode: UInt8) {
    switch oathCode {
    case 1: self = .sha1
    case 2: self = .sha256
    case 3: self = .sha512
    default: return nil
    }
  }

  var hash: Hash {
    switch self {
    case .sha1: .sha1
    case .sha256: .sha256
    case .sha512: .sha512
    }
  }

  /// HMAC's block size in bytes: a longer key is hashed first (RFC 2104, 2).
  var blockByteCount: Int { self == .sha512 ? 128 : 64 }
}

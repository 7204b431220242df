import Cryptography

/// A card's access key, or the password it is made from.
public struct OATHAccessKey: Sendable {
  private let source: Source

  private enum Source {
    case key(SecretBytes)
    case password(SecretBytes)
  }

  /// Bytes in an access key.
  public static let byteCount = 16

  /// Nil unless 16 bytes.
  public init?(_ key: SecretBytes) {
    guard key.count == Self.byteCount else { return nil }
    source = .key(key)
  }

  /// A password in UTF-8. The key is PBKDF2-HMAC-SHA-1 with the card's id as salt and 1,000
  /// rounds, as Yubico's own programs make it.
  public init(password: SecretBytes) {
    source = .password(password)
  }

  /// The key for the card with this id.
  func key(forCard id: [UInt8]) throws(CryptographyError) -> SecretBytes {
    switch source {
    case .key(let key): key
    case .password(let password):
      try PBKDF2.deriveKey(
        .sha1, from: password, salt: id, iterations: 1000, count: Self.byteCount)
    }
  }
}

/// What to do about a card's access key.
public enum OATHAccess: Sendable {
  /// No key at hand: a locked card refuses.
  case open
  /// Unlock the card with this key if it is locked.
  case ifLocked(OATHAccessKey)
  /// The card must be locked and prove that it has this key. A card that asks for none is not the
  /// one that was registered.
  case required(OATHAccessKey)

  var key: OATHAccessKey? {
    switch self {
    case .open: nil
    case .ifLocked(let key), .required(let key): key
    }
  }
}

import Cryptography

/// The key-encryption keys under which the store seals what is secret (AES-256-GCM).
///
/// New blobs are sealed under the active key; every key of the ring opens. A blob is
/// `key id (4 bytes) || nonce (12) || ciphertext || tag (16)`.
public struct KeyRing: Sendable {
  public static let keyByteCount = AES256GCM.keyByteCount
  static let idByteCount = 4

  /// The key under which new blobs are sealed.
  public let activeID: UInt32
  private let keys: [UInt32: SecretBytes]

  /// - Parameter keys: each with its id; the last is active.
  /// - Throws: `empty`, `keySize` or `repeatedID`.
  public init(_ keys: [(id: UInt32, key: SecretBytes)]) throws(KeyRingError) {
    guard let last = keys.last else { throw .empty }
    var byID: [UInt32: SecretBytes] = [:]
    for (id, key) in keys {
      guard key.count == Self.keyByteCount else { throw .keySize }
      guard byID.updateValue(key, forKey: id) == nil else { throw .repeatedID(id) }
    }
    self.keys = byID
    activeID = last.id
  }

  public var ids: [UInt32] { keys.keys.sorted() }

  /// - Parameter place: table, column and row, so that blobs cannot be exchanged.
  func seal(_ secret: SecretBytes, for place: String) throws -> [UInt8] {
    guard let key = keys[activeID] else { throw SealError.keyMissing(activeID) }
    let sealed = try AES256GCM.seal(secret, key: key, associatedData: Array(place.utf8))
    return bigEndian(activeID) + sealed.combined
  }

  func open(_ blob: [UInt8], from place: String) throws -> SecretBytes {
    guard let id = Self.keyID(of: blob) else { throw SealError.malformed(place) }
    guard let key = keys[id] else { throw SealError.keyMissing(id) }
    do {
      let sealed = try AES256GCM.Sealed(combined: Array(blob.dropFirst(Self.idByteCount)))
      return try AES256GCM.open(sealed, key: key, associatedData: Array(place.utf8))
    } catch {
      guard error.reason == .authenticationFailed else { throw error }
      throw SealError.doesNotOpen(place, key: id)
    }
  }

  /// Under which key a blob was sealed.
  static func keyID(of blob: [UInt8]) -> UInt32? {
    guard blob.count > idByteCount else { return nil }
    return blob.prefix(idByteCount).reduce(0) { $0 << 8 | UInt32($1) }
  }

  var activePrefix: [UInt8] { bigEndian(activeID) }
}

private func bigEndian(_ id: UInt32) -> [UInt8] {
  [
    UInt8(truncatingIfNeeded: id >> 24), UInt8(truncatingIfNeeded: id >> 16),
    UInt8(truncatingIfNeeded: id >> 8), UInt8(truncatingIfNeeded: id),
  ]
}

/// Why a blob does not give its secret.
enum SealError: Error, Equatable, CustomStringConvertible {
  case malformed(String)
  case keyMissing(UInt32)
  case doesNotOpen(String, key: UInt32)

  var description: String {
    switch self {
    case .malformed(let place): "what is sealed in \(place) is cut short"
    case .keyMissing(let id):
      "key-encryption key \(hexadecimal(id)) is not in the key file: put the file that has it in place"
    case .doesNotOpen(let place, let id):
      "\(place) does not open under key \(hexadecimal(id)): the key is another, or the row was altered"
    }
  }
}

func hexadecimal(_ id: UInt32) -> String {
  let digits = String(id, radix: 16)
  return String(repeating: "0", count: 8 - digits.count) + digits
}

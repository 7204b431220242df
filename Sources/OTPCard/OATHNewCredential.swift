import Cryptography
import OneTimePassword
import SmartCard

/// A credential to be put on a card.
public struct OATHNewCredential: Sendable {
  public var name: OATHName
  public var kind: OATHKind
  public var hash: HashFunction
  public var digits: DigitCount
  public var key: SecretBytes
  /// HOTP only. Some cards keep 16 bits of it.
  public var initialCounter: UInt32
  /// The card wants a touch for every code; ignored by cards without a button.
  public var requiresTouch: Bool

  public init(
    name: OATHName, kind: OATHKind, hash: HashFunction = .sha1, digits: DigitCount = .six,
    key: SecretBytes, initialCounter: UInt32 = 0, requiresTouch: Bool = false
  ) {
    self.name = name
    self.kind = kind
    self.hash = hash
    self.digits = digits
    self.key = key
    self.initialCounter = initialCounter
    self.requiresTouch = requiresTouch
  }

  /// The credential as LIST will show it.
  public var credential: OATHCredential { OATHCredential(name: name, kind: kind, hash: hash) }

  func command() throws(OATHError) -> CommandAPDU {
    do {
      let value = [kind.rawValue | hash.oathCode, digits.rawValue] + (try keyForCard())
      return OATHCommand.put(
        name, key: value, property: requiresTouch ? 0x02 : 0x00,
        initialCounter: kind == .hotp ? initialCounter : 0)
    } catch { throw .cryptography(error) }
  }

  /// The key in a length every card takes: at least 14 bytes, at most HMAC's block. Both changes
  /// leave every HMAC as it is (RFC 2104, 2).
  private func keyForCard() throws(CryptographyError) -> [UInt8] {
    let bytes = key.withUnsafeBytes { Array($0) }
    if bytes.count > hash.blockByteCount { return try hash.hash.digest(bytes) }
    return bytes + [UInt8](repeating: 0, count: max(0, 14 - bytes.count))
  }
}

import OneTimePassword

/// A credential as LIST shows it.
public struct OATHCredential: Hashable, Sendable {
  public let name: OATHName
  /// The algorithm byte: kind in the high nibble, hash in the low.
  public let algorithmByte: UInt8

  public init(name: OATHName, kind: OATHKind, hash: HashFunction) {
    self.init(name: name, algorithmByte: kind.rawValue | hash.oathCode)
  }

  init(name: OATHName, algorithmByte: UInt8) {
    self.name = name
    self.algorithmByte = algorithmByte
  }

  /// Nil for kinds of the maker's own.
  public var kind: OATHKind? { OATHKind(rawValue: algorithmByte & 0xF0) }
  /// Nil for hashes of the maker's own.
  public var hash: HashFunction? { HashFunction(oathCode: algorithmByte & 0x0F) }

  /// The TOTP period in seconds.
  public var period: UInt32 { name.period }
}

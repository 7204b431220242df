/// A credential on a simulated card.
public struct OATHCredential: Sendable, Equatable {
  public enum Kind: UInt8, Sendable {
    case hotp = 0x10
    case totp = 0x20
  }
  public enum Algorithm: UInt8, Sendable {
    case sha1 = 1
    case sha256, sha512
  }

  public var name: [UInt8]
  public var kind: Kind
  public var algorithm: Algorithm
  public var digits: UInt8
  public var key: [UInt8]
  public var counter: UInt32
  public var property: UInt8 = 0

  public init(
    name: String, kind: Kind = .totp, algorithm: Algorithm = .sha1, digits: UInt8 = 6,
    key: [UInt8], counter: UInt32 = 0
  ) {
    self.name = Array(name.utf8)
    self.kind = kind
    self.algorithm = algorithm
    self.digits = digits
    self.key = key
    self.counter = counter
  }
}

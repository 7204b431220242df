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
  /// HOTP's moving factor.
  public var counter: UInt32
  /// Bit 0: challenges only increase; bit 1: touch required.
  public var property: UInt8 = 0
  /// The highest challenge so far, where they only increase.
  var highestChallenge: [UInt8] = []

  public init(
    name: String, kind: Kind = .totp, algorithm: Algorithm = .sha1, digits: UInt8 = 6,
    key: [UInt8], counter: UInt32 = 0
  ) {
    self.init(
      name: Array(name.utf8), kind: kind, algorithm: algorithm, digits: digits, key: key,
      counter: counter)
  }

  init(
    name: [UInt8], kind: Kind, algorithm: Algorithm, digits: UInt8, key: [UInt8], counter: UInt32
  ) {
    self.name = name
    self.kind = kind
    self.algorithm = algorithm
    self.digits = digits
    self.key = key
    self.counter = counter
  }

  /// The Smart OTP credential of a card: TOTP, SHA-256, six digits.
  public static func smartOTP(vendor: String, serial: String, key: [UInt8]) -> OATHCredential {
    OATHCredential(name: "smartotp:\(vendor):\(serial)", algorithm: .sha256, key: key)
  }

  var typeByte: UInt8 { kind.rawValue | algorithm.rawValue }

  /// Whether a challenge is allowed; remembers it where challenges only increase.
  mutating func accepts(_ challenge: [UInt8]) -> Bool {
    guard property & 0x01 != 0 else { return true }
    let isLower =
      challenge.count == highestChallenge.count
      ? challenge.lexicographicallyPrecedes(highestChallenge)
      : challenge.count < highestChallenge.count
    if !isLower { highestChallenge = challenge }
    return !isLower
  }
}

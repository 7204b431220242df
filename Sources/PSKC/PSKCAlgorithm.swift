import OneTimePassword

/// What a key calculates (RFC 6030, 10; the profiles for TOTP and OCRA are those in common use).
public enum PSKCAlgorithm: Equatable, Sendable {
  /// `urn:ietf:params:xml:ns:keyprov:pskc:hotp`. The counter is that of the next code; 0 where the
  /// file gives none.
  case hotp(HOTP, counter: UInt64)
  /// `urn:ietf:params:xml:ns:keyprov:pskc:totp`.
  case totp(TOTP, clock: PSKCTokenClock)
  /// `urn:ietf:params:xml:ns:keyprov:pskc:ocra`.
  case ocra(PSKCOCRA)
  /// `urn:ietf:params:xml:ns:keyprov:pskc:pin`: not a key but the PIN of one, in ASCII, which that
  /// key's `PSKCPINPolicy.keyID` names.
  case pin
}

/// The state of a token's clock (RFC 6030, 4.2).
public struct PSKCTokenClock: Equatable, Sendable {
  /// The token's time in whole steps from where counting starts; mostly 0, for "not known".
  public var steps: Int64
  /// By how many steps the token's clock was last seen to be off; negative where it is late.
  public var drift: Int32

  public init(steps: Int64 = 0, drift: Int32 = 0) {
    self.steps = steps
    self.drift = drift
  }
}

/// The parameters of an OCRA key.
public struct PSKCOCRA: Equatable, Sendable {
  public var suite: OCRASuite
  /// Nil exactly where the suite has no counter.
  public var counter: UInt64?
  public var clock: PSKCTokenClock
  /// What questions the token takes, where the file says more than the suite.
  public var challengeFormat: PSKCChallengeFormat?

  public init(
    suite: OCRASuite, counter: UInt64 = 0, clock: PSKCTokenClock = PSKCTokenClock(),
    challengeFormat: PSKCChallengeFormat? = nil
  ) {
    self.suite = suite
    self.counter = suite.usesCounter ? counter : nil
    self.clock = clock
    self.challengeFormat = challengeFormat
  }
}

/// The characters and sizes of a challenge (RFC 6030, 4.3.4).
public struct PSKCChallengeFormat: Equatable, Sendable {
  public enum Encoding: String, Sendable, CaseIterable {
    case decimal = "DECIMAL"
    case hexadecimal = "HEXADECIMAL"
    case alphanumeric = "ALPHANUMERIC"
    case base64 = "BASE64"
    case binary = "BINARY"
  }

  public var encoding: Encoding
  /// The fewest and the most characters, or bytes where the encoding is `base64` or `binary`.
  public var minimum: UInt32
  public var maximum: UInt32
  /// Whether the last digit checks the others (Luhn).
  public var hasCheckDigit: Bool

  public init(
    encoding: Encoding, minimum: UInt32, maximum: UInt32, hasCheckDigit: Bool = false
  ) {
    self.encoding = encoding
    self.minimum = minimum
    self.maximum = maximum
    self.hasCheckDigit = hasCheckDigit
  }
}

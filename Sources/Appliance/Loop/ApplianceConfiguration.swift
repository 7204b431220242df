import SmartOTP

/// What the loop is told once.
public struct ApplianceConfiguration: Sendable {
  public var version: String
  public var times: SessionTimes
  /// Where no card is at hand, or its record says no other.
  public var language: Language
  /// Credentials whose plain TOTP may be shown while the centre is away, the preferred first: names
  /// as on the card, or issuers. Empty: no code is made without the centre.
  public var plainCredentials: [String] = []
  /// How long a notice stays, in milliseconds.
  public var noticeTime: Int64 = 6_000

  public init(
    version: String = "0", times: SessionTimes = SessionTimes(), language: Language = .english
  ) {
    self.version = version
    self.times = times
    self.language = language
  }
}

import SmartOTP

/// What the loop is told once.
public struct ApplianceConfiguration: Sendable {
  public var version: String
  public var times: SessionTimes
  public var language: Language
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

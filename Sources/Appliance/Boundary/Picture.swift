import SmartOTP

/// All that a display shows at one moment.
public struct Picture: Sendable {
  public enum Content: Sendable {
    /// Nothing: the appliance stops.
    case blank
    case screen(Screen)
    case code(ShownCode, for: CodePurpose)
  }

  public var content: Content
  /// One sentence beside the content; nil when there is nothing to say.
  public var notice: Notice?
  /// Until what is shown ends by itself; nil where it does not.
  public var secondsLeft: Int?
  public var language: Language

  public init(
    _ content: Content, notice: Notice? = nil, secondsLeft: Int? = nil,
    language: Language = .english
  ) {
    self.content = content
    self.notice = notice
    self.secondsLeft = secondsLeft
    self.language = language
  }
}

import SmartOTP

/// Everything that a display says in one language. A member for each text, none optional: a language
/// that lacks one does not compile.
public struct Texts: Sendable {
  /// What stands at the top, and what to do.
  public struct Heading: Hashable, Sendable {
    public let headline: String
    public let detail: String

    public init(_ headline: String, _ detail: String) {
      self.headline = headline
      self.detail = detail
    }
  }

  public struct Screens: Sendable {
    public let restricted: Heading
    public let readerLost: Heading
    public let idle: Heading
    public let idleWithoutCenter: Heading
    /// Without the centre, where a tap leads to a plain code.
    public let idleForPlainCodes: Heading
    public let tapCard: Heading
    public let reading: Heading
    public let transaction: Heading
    /// Before a plain code: what it is not good for, and how to get it.
    public let plainCode: Heading
    public let making: Heading
    /// Beside the code itself.
    public let code: Heading
    /// Beside a plain code.
    public let codeWithoutTransaction: Heading
  }

  public struct Notices: Sendable {
    public let cardGone: String
    public let otherCard: String
    public let notSmartOTP: String
    public let notRegistered: String
    public let severalCards: String
    public let noPlainCode: String
    public let faultyCard: String
    public let centerUnreachable: String
    public let transactionClosed: String
    public let cardLost: String
    public let cardLocked: String
    public let refused: String
    public let nothingPending: String
    public let timedOut: String
    public let cancelled: String
    public let closed: String
    public let readerLost: String
  }

  public struct Restrictions: Sendable {
    public let deviceNotRegistered: String
    public let copiedState: String
    public let stateUnreadable: String
    public let stateExposed: String
    public let readerForbidden: String
    public let installationAltered: String
    public let platformTooOld: String
  }

  public struct Kinds: Sendable {
    public let transfer: String
    public let certificateReissue: String
    public let login: String
    public let other: String
  }

  /// What stands before values.
  public struct Labels: Sendable {
    public let institution: String
    public let card: String
    public let kind: String
    public let page: String
    /// Of a button or command that says no.
    public let cancel: String
  }

  /// BCP 47, such as for the `lang` of a page.
  public let language: Language
  public let screens: Screens
  public let notices: Notices
  public let restrictions: Restrictions
  public let kinds: Kinds
  public let labels: Labels
  public let secondsLeft: SecondsLeft
}

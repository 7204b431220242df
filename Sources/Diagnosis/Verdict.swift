/// What a check found.
public enum Finding: String, Sendable, CaseIterable {
  case pass
  case warn
  case fail
  /// Could not look; something hides it. Never a pass.
  case blocked
  case notApplicable = "not-applicable"
}

/// The exit status a failure asks for, after sysexits(3).
public enum FaultStatus: Int32, Sendable, CaseIterable {
  case badData = 65
  case noReader = 69
  case internalError = 70
  case readerFailure = 74
  case tryAgain = 75
  case permission = 77
  case configuration = 78

  /// What must be mended first ranks first: without a reader nothing else shows, without permission
  /// not what the reader does, and so on.
  public static let worstFirst: [FaultStatus] = [
    .noReader, .permission, .readerFailure, .configuration, .internalError, .badData, .tryAgain,
  ]
}

/// How to mend something.
public struct Fix: Hashable, Sendable {
  /// Shell text to paste, or advice where no command helps.
  public var text: String
  public var kind: Kind

  public enum Kind: Hashable, Sendable {
    /// Changes this system only as it says; `doctor --fix` may run it.
    case automatic
    /// A command whose consequences a person must weigh.
    case manual
    /// Something to do by hand.
    case advice
  }

  static func command(_ text: String) -> Fix { Fix(text: text, kind: .automatic) }
  static func manual(_ text: String) -> Fix { Fix(text: text, kind: .manual) }
  static func advice(_ text: String) -> Fix { Fix(text: text, kind: .advice) }
}

/// A check's answer.
struct Verdict: Sendable {
  var finding: Finding
  /// What was observed.
  var seen: String
  /// The likeliest cause.
  var cause: String?
  var fix: Fix?
  var status: FaultStatus?

  static func pass(_ seen: String) -> Verdict { Verdict(finding: .pass, seen: seen) }

  static func notApplicable(_ why: String) -> Verdict {
    Verdict(finding: .notApplicable, seen: why)
  }

  /// Could not look, for this reason.
  static func unseen(_ why: String) -> Verdict { Verdict(finding: .blocked, seen: why) }

  static func warn(
    _ status: FaultStatus, _ seen: String, cause: String, fix: Fix
  ) -> Verdict {
    Verdict(finding: .warn, seen: seen, cause: cause, fix: fix, status: status)
  }

  static func fail(
    _ status: FaultStatus, _ seen: String, cause: String, fix: Fix
  ) -> Verdict {
    Verdict(finding: .fail, seen: seen, cause: cause, fix: fix, status: status)
  }

  /// A failure where it does harm now, a warning where it only will.
  static func fault(
    doesHarm: Bool, _ status: FaultStatus, _ seen: String, cause: String, fix: Fix
  ) -> Verdict {
    doesHarm
      ? .fail(status, seen, cause: cause, fix: fix) : .warn(status, seen, cause: cause, fix: fix)
  }
}

/// A check and its answer.
public struct CheckResult: Sendable {
  public let check: Check
  public let finding: Finding
  public let seen: String
  public let cause: String?
  public let fix: Fix?
  public let status: FaultStatus?
  /// The check whose failure hides this one.
  public let blockedBy: String?

  init(_ check: Check, _ verdict: Verdict, blockedBy: String? = nil) {
    self.check = check
    finding = blockedBy == nil ? verdict.finding : .blocked
    seen = verdict.seen
    let isOwn = finding == .warn || finding == .fail
    cause = isOwn ? verdict.cause : nil
    fix = isOwn ? verdict.fix : nil
    status = isOwn ? verdict.status : nil
    self.blockedBy = blockedBy
  }
}

/// The answers of one run, in the order of `Check.all`.
public struct Report: Sendable {
  public let results: [CheckResult]
  /// The reader the checks were about, as it was named or found.
  public let reader: String?

  /// Answers every check; a failure that another one hides or explains is told as hidden.
  ///
  /// - Parameter earlier: answers that stand, given before the reader was opened: a reader that left
  ///   meanwhile must not change what was true of the machine.
  init(checks: [Check] = Check.all, facts: Facts, earlier: Report? = nil) {
    var answers = Answers(checks: checks, facts: facts, earlier: earlier)
    results = checks.map { answers.result(of: $0) }
    reader = facts.machine.target?.name
  }

  public func results(_ finding: Finding) -> [CheckResult] {
    results.filter { $0.finding == finding }
  }

  public var faults: [CheckResult] { results(.fail) }
  public var warnings: [CheckResult] { results(.warn) }

  /// 0 when all is well; warnings count only when `strict`; then by the worst finding.
  public func exitStatus(strict: Bool) -> Int32 {
    let counted = faults + (strict ? warnings : [])
    let statuses = counted.compactMap(\.status)
    return FaultStatus.worstFirst.first { statuses.contains($0) }?.rawValue ?? 0
  }

  /// The failure to mend first.
  public var worst: CheckResult? {
    for status in FaultStatus.worstFirst {
      if let fault = faults.first(where: { $0.status == status }) { return fault }
    }
    return nil
  }

  /// One line that answers whether the reader can be used.
  public var verdict: String {
    let hidden = results(.blocked).count
    let unseen = hidden == 0 ? "" : "; \(Self.count(hidden, "check")) could not look"
    if let worst {
      let others = faults.count - 1
      let more = others == 0 ? "" : " and \(Self.count(others, "other fault"))"
      return "Not ready: \(worst.seen)\(more). Mend \(worst.check.id) first\(unseen)."
    }
    let subject = reader.map { "\($0) is ready" } ?? "Ready"
    guard warnings.isEmpty else {
      return "\(subject), with \(Self.count(warnings.count, "warning"))\(unseen)."
    }
    return "\(subject): \(Self.count(results(.pass).count, "check")) passed\(unseen)."
  }

  private static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }
}

/// Answers checks in the order they need each other.
private struct Answers {
  private let checks: [String: Check]
  private let facts: Facts
  private var results: [String: CheckResult] = [:]

  init(checks: [Check], facts: Facts, earlier: Report?) {
    for result in earlier?.results ?? [] where result.check.group.isAboutMachine {
      results[result.check.id] = result
    }
    self.checks = Dictionary(checks.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    self.facts = facts
  }

  mutating func result(of check: Check) -> CheckResult {
    if let known = results[check.id] { return known }
    let verdict = check.examine(facts)
    // Ends, since checks do not need each other in circles (a test sees to it).
    var root: String?
    for need in check.needs where root == nil { root = checks[need].flatMap { self.root(of: $0) } }
    let isHidden = [.warn, .fail, .blocked].contains(verdict.finding)
    let result = CheckResult(check, verdict, blockedBy: isHidden ? root : nil)
    results[check.id] = result
    return result
  }

  /// The failure behind a check that did not pass.
  private mutating func root(of check: Check) -> String? {
    let result = result(of: check)
    return result.finding == .fail ? check.id : result.blockedBy
  }
}

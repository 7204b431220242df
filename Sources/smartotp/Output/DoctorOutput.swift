import Diagnosis

/// One check's answer as a JSON object; Hardware/doctor.schema.json describes it.
struct DoctorLine: Encodable {
  var check: String
  var group: String
  var title: String
  var finding: String
  var seen: String
  var cause: String?
  var fix: String?
  var fixKind: String?
  var status: Int32?
  var blockedBy: String?
  var help: String

  init(_ result: CheckResult) {
    check = result.check.id
    group = result.check.group.rawValue
    title = result.check.title
    finding = result.finding.rawValue
    seen = result.seen
    cause = result.cause
    fix = result.fix?.text
    fixKind = result.fix.map { fix in
      switch fix.kind {
      case .automatic: "automatic"
      case .manual: "manual"
      case .advice: "advice"
      }
    }
    status = result.status?.rawValue
    blockedBy = result.blockedBy
    help = result.check.help
  }
}

/// The last object.
struct DoctorVerdict: Encodable {
  var verdict: String
  var reader: String?
  var status: Int32
  var counts: [String: Int]

  init(_ report: Report, strict: Bool) {
    verdict = report.verdict
    reader = report.reader
    status = report.exitStatus(strict: strict)
    counts = Finding.allCases.reduce(into: [:]) {
      $0[$1.rawValue] = report.results($1).count
    }
  }
}

/// A report for people: what failed in full, the rest only when asked for.
struct DoctorText {
  let report: Report
  let isVerbose: Bool

  var lines: [String] {
    let shown = report.results.filter { isVerbose || $0.finding == .warn || $0.finding == .fail }
    return shown.flatMap(lines) + [report.verdict]
  }

  private func lines(_ result: CheckResult) -> [String] {
    var lines = ["\(label(result.finding))  \(result.check.id): \(result.seen)"]
    if let hiding = result.blockedBy { lines.append("      hidden by \(hiding)") }
    if let cause = result.cause { lines.append("      cause: \(cause)") }
    if let fix = result.fix {
      lines.append("      fix:   \(fix.text)")
      lines.append("      more:  \(result.check.help)")
    }
    return lines
  }

  private func label(_ finding: Finding) -> String {
    switch finding {
    case .pass: "ok  "
    case .warn: "WARN"
    case .fail: "FAIL"
    case .blocked: "?   "
    case .notApplicable: "-   "
    }
  }
}

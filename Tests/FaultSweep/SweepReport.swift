import TapMeasurement

/// What a sweep found, counted.
struct SweepReport {
  private struct Row {
    var runs = 0
    var right = 0
    var refused = 0
    var wrong = 0
    var notRecovered = 0
    var longest = Duration.zero
  }

  let scenario: Scenario
  private var rows: [SweepCase.Damage: Row] = [:]
  private var overruns: [Int64] = []
  private var wrongByLostZero = 0
  private var transientRuns = 0
  private var transientRight = 0

  init(scenario: Scenario) { self.scenario = scenario }

  mutating func note(_ sweepCase: SweepCase, _ result: SweepResult) {
    var row = rows[sweepCase.damage] ?? Row()
    row.runs += 1
    // Nobody can notice this one (a PN532's frame sum stays right), so it is counted apart.
    var isUnnoticeable = false
    switch result.end {
    case .right: row.right += 1
    case .refused: row.refused += 1
    case .wrong where scenario == .totp && sweepCase.losesZeroToChip:
      wrongByLostZero += 1
      isUnnoticeable = true
    case .wrong: row.wrong += 1
    }
    if !result.recovered { row.notRecovered += 1 }
    row.longest = max(row.longest, result.took)
    rows[sweepCase.damage] = row
    overruns += result.overruns
    if sweepCase.isTransient, !isUnnoticeable {
      transientRuns += 1
      if result.end == .right { transientRight += 1 }
    }
  }

  private var survival: Double {
    transientRuns == 0 ? 1 : Double(transientRight) / Double(transientRuns)
  }

  var passes: Bool {
    survival >= 0.99 && rows.values.allSatisfy { $0.wrong == 0 && $0.notRecovered == 0 }
  }

  var text: String {
    var lines = ["\(scenario.rawValue): runs, right, typed error, wrong, next tap failed, longest"]
    for damage in SweepCase.Damage.allCases {
      guard let row = rows[damage] else { continue }
      lines.append(
        "  \(damage.rawValue): \(row.runs), \(row.right), \(row.refused), \(row.wrong), "
          + "\(row.notRecovered), \(row.longest)")
    }
    let runs = rows.values.reduce(0) { $0 + $1.runs }
    let right = rows.values.reduce(0) { $0 + $1.right }
    lines.append("  all: \(runs) runs, \(right) right; wrong by a lost zero: \(wrongByLostZero)")
    lines.append(
      "  single transient faults survived: \(transientRight) of \(transientRuns), "
        + "\(Double(Int(survival * 10_000)) / 100) %")
    lines.append("  \(OverrunSummary(overruns))")
    return lines.joined(separator: "\n")
  }
}

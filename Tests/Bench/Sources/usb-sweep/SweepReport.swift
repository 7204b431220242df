import USBBench

/// What a sweep found, counted.
struct SweepReport {
  private struct Row {
    var runs = 0
    var right = 0
    var refused = 0
    var wrong = 0
    var notRecovered = 0
    var longest = Duration.zero
    var longestRecovery = Duration.zero
  }

  let model: ReaderModel
  let scenario: Scenario
  let transfers: Int
  private var rows: [SweepCase.Damage: Row] = [:]
  private var overruns: [Int64] = []

  init(model: ReaderModel, scenario: Scenario, transfers: Int) {
    self.model = model
    self.scenario = scenario
    self.transfers = transfers
  }

  mutating func note(_ sweepCase: SweepCase, _ result: SweepResult) {
    var row = rows[sweepCase.damage] ?? Row()
    row.runs += 1
    switch result.end {
    case .right: row.right += 1
    case .refused: row.refused += 1
    case .wrong: row.wrong += 1
    }
    if result.next != .right { row.notRecovered += 1 }
    if case .wrong = result.next { row.wrong += 1 }
    row.longest = max(row.longest, result.took)
    row.longestRecovery = max(row.longestRecovery, result.recovery)
    rows[sweepCase.damage] = row
    overruns += result.overruns
  }

  /// Never a wrong code, always back at the next tap.
  var passes: Bool {
    rows.values.allSatisfy { $0.wrong == 0 && $0.notRecovered == 0 }
  }

  var text: String {
    var lines = [
      "\(model.rawValue), \(scenario.rawValue), \(transfers) transfers: runs, right, typed error, "
        + "wrong, next tap failed, longest, longest recovery"
    ]
    for damage in SweepCase.Damage.allCases {
      guard let row = rows[damage] else { continue }
      lines.append(
        "  \(damage.rawValue): \(row.runs), \(row.right), \(row.refused), \(row.wrong), "
          + "\(row.notRecovered), \(row.longest.inMilliseconds) ms, "
          + "\(row.longestRecovery.inMilliseconds) ms")
    }
    let sorted = overruns.sorted()
    func rank(_ thousandth: Int) -> Int64 {
      sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, sorted.count * thousandth / 1000)]
    }
    lines.append(
      "  answers past their deadline: p50 \(rank(500)) µs, p99 \(rank(990)) µs, "
        + "most \(sorted.last ?? 0) µs, of \(sorted.count)")
    return lines.joined(separator: "\n")
  }
}

extension Duration {
  fileprivate var inMilliseconds: Int64 {
    components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
  }
}

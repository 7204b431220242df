import USBBench

/// What a sweep found, counted.
struct SweepReport {
  private struct Row {
    var runs = 0
    var right = 0
    var refused = 0
    var wrong = 0
    var notRecovered = 0
    var countedTwice = 0
    var longest = Duration.zero
    var longestRecovery = Duration.zero
  }

  let model: ReaderModel
  let scenario: Scenario
  let transfers: Int
  private var rows: [SweepCase.Damage: Row] = [:]
  private var overruns: [Int64] = []
  private var resets = 0

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
    if !result.isCounted { row.countedTwice += 1 }
    resets += result.resets
    row.longest = max(row.longest, result.took)
    row.longestRecovery = max(row.longestRecovery, result.recovery)
    rows[sweepCase.damage] = row
    overruns += result.overruns
  }

  /// Never a wrong code nor one asked for twice, always back at the next tap, and no reset of a stick.
  var passes: Bool {
    let isRight = rows.values.allSatisfy {
      $0.wrong == 0 && $0.notRecovered == 0 && $0.countedTwice == 0
    }
    return isRight && (model == .acr122u || resets == 0)
  }

  var text: String {
    var lines = [
      "\(model.rawValue), \(scenario.rawValue), \(transfers) transfers: runs, right, typed error, "
        + "wrong, calculated twice, next tap failed, longest, longest recovery"
    ]
    for damage in SweepCase.Damage.allCases {
      guard let row = rows[damage] else { continue }
      lines.append(
        "  \(damage.rawValue): \(row.runs), \(row.right), \(row.refused), \(row.wrong), "
          + "\(row.countedTwice), \(row.notRecovered), \(row.longest.inMilliseconds) ms, "
          + "\(row.longestRecovery.inMilliseconds) ms")
    }
    lines.append("  \(lateness)")
    lines.append("  USB resets asked for by programs: \(resets)")
    return lines.joined(separator: "\n")
  }

  private var lateness: String {
    let sorted = overruns.sorted()
    func rank(_ thousandth: Int) -> Int64 {
      sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, sorted.count * thousandth / 1000)]
    }
    return "answers past their deadline: \(sorted.count { $0 > 0 }) of \(sorted.count), "
      + "\(sorted.count { $0 > 10_000 }) by over 10 ms; p50 \(rank(500)) µs, "
      + "p99 \(rank(990)) µs, most \(sorted.last ?? 0) µs"
  }
}

extension Duration {
  fileprivate var inMilliseconds: Int64 {
    components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
  }
}

import TapMeasurement

/// What a sweep found, counted.
struct KillReport {
  private struct Row {
    var taps = 0
    var struck = 0
    var right = 0
    var refused = 0
    var wrong = 0
    var notRecovered = 0
    var longest = Duration.zero
  }

  /// What an undisturbed tap takes.
  let tapTime: Duration
  var took = Duration.zero
  /// Reader processes at the end.
  var left = 0
  /// Descriptors that are open at the end and were not at the beginning.
  var leaked: [String] = []
  private var rows: [Attack.Signal: Row] = [:]
  private var refusals: [String: Int] = [:]
  private var overruns: [Int64] = []

  init(tapTime: Duration) { self.tapTime = tapTime }

  mutating func note(_ attack: Attack, _ result: TapResult, next: TapResult.End) {
    var row = rows[attack.signal] ?? Row()
    row.taps += 1
    row.struck += result.wasStruck ? 1 : 0
    switch result.end {
    case .right: row.right += 1
    case .wrong: row.wrong += 1
    case .refused(let reason):
      row.refused += 1
      refusals[reason, default: 0] += 1
    }
    row.notRecovered += next == .right ? 0 : 1
    row.longest = max(row.longest, result.took)
    rows[attack.signal] = row
    overruns += result.overruns
  }

  var passes: Bool {
    left == 0 && leaked.isEmpty
      && rows.values.allSatisfy { $0.wrong == 0 && $0.notRecovered == 0 && $0.struck == $0.taps }
  }

  var text: String {
    var lines = [
      "taps, signal met the process, right, typed error, wrong, next tap failed, longest"
    ]
    for signal in Attack.Signal.allCases {
      guard let row = rows[signal] else { continue }
      lines.append(
        "  \(signal.rawValue): \(row.taps), \(row.struck), \(row.right), \(row.refused), "
          + "\(row.wrong), \(row.notRecovered), \(row.longest)")
    }
    for (reason, count) in refusals.sorted(by: { $0.value > $1.value }) {
      lines.append("  \(count) times: \(reason)")
    }
    lines.append("  \(OverrunSummary(overruns))")
    lines.append("  an undisturbed tap takes \(tapTime); the sweep took \(took)")
    lines.append(
      "  left: \(left) processes, \(leaked.count) descriptors \(leaked.joined(separator: " "))")
    return lines.joined(separator: "\n")
  }
}

import OTPCard
import Reader
import TapMeasurement

/// What the cards came to, counted.
struct FuzzReport {
  private struct Row {
    var cards = 0
    var answers = 0
    var believed = 0
    var refused = 0
    var restarts = 0
  }

  var took = Duration.zero
  /// Reader processes at the end.
  var left = 0
  private var rows: [FuzzedCard.Manner: Row] = [:]
  private var errors: [String: Int] = [:]
  private var overruns: [Int64] = []
  private var honest = (right: 0, wrong: 0)

  mutating func note(_ card: FuzzedCard, _ result: FuzzResult, driverDied: Bool) {
    var row = rows[card.manner] ?? Row()
    row.cards += 1
    row.answers += card.answers
    row.restarts += driverDied ? 1 : 0
    switch result.end {
    case .believed: row.believed += 1
    case .reader(let error):
      row.refused += 1
      errors[error.explanation, default: 0] += 1
    case .card(let error):
      row.refused += 1
      errors["\(error.explanation)", default: 0] += 1
    }
    rows[card.manner] = row
    overruns += result.overruns
  }

  mutating func noteHonest(_ isRight: Bool) {
    if isRight { honest.right += 1 } else { honest.wrong += 1 }
  }

  /// Reader processes that died of something else than what libnfc is known to abort at.
  private var unexplainedDeaths: Int {
    rows.reduce(0) { $0 + ($1.key == .nodeAddress ? 0 : $1.value.restarts) }
  }

  var passes: Bool { honest.wrong == 0 && unexplainedDeaths == 0 && left == 0 }

  var text: String {
    var lines = ["cards, fuzzed answers, believed, typed error, reader process died"]
    for manner in FuzzedCard.Manner.allCases {
      guard let row = rows[manner] else { continue }
      lines.append(
        "  \(manner.rawValue): \(row.cards), \(row.answers), \(row.believed), \(row.refused), "
          + "\(row.restarts)")
    }
    let all = rows.values
    lines.append(
      "  all: \(all.reduce(0) { $0 + $1.cards }), \(all.reduce(0) { $0 + $1.answers }), "
        + "\(all.reduce(0) { $0 + $1.believed }), \(all.reduce(0) { $0 + $1.refused }), "
        + "\(all.reduce(0) { $0 + $1.restarts })")
    for (error, count) in errors.sorted(by: { $0.value > $1.value }) {
      lines.append("  \(count) times: \(error)")
    }
    lines.append("  honest cards in between: \(honest.right) right, \(honest.wrong) failed")
    lines.append("  \(OverrunSummary(overruns))")
    lines.append("  took \(took); left: \(left) processes")
    return lines.joined(separator: "\n")
  }
}

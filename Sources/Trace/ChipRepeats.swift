import PN53x

/// Keeps a reader that looks for cards from filling the trace: what was shown and comes again with
/// the same result is only counted.
struct ChipRepeats {
  /// A search asks two questions in turn, a watch a few more.
  private static let memory = 8

  private var shown: [ChipExchange] = []
  private var count = 0

  /// Whether the exchange is to be shown.
  mutating func isNew(_ exchange: ChipExchange) -> Bool {
    let isKnown = shown.contains {
      $0.command == exchange.command && $0.outcome == exchange.outcome
    }
    guard !isKnown else {
      count += 1
      return false
    }
    if shown.count == Self.memory { shown.removeFirst() }
    shown.append(exchange)
    return true
  }

  /// How many were counted since this was asked last; nil for none.
  mutating func takeCount() -> Int? {
    defer { count = 0 }
    return count == 0 ? nil : count
  }

  /// Something else happened: whatever comes now is news.
  mutating func forget() { shown = [] }
}

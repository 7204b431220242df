/// Whether a card lies on the reader, and since when not. It decides what counts as a tap.
struct CardPresence: Hashable, Sendable {
  private enum State: Hashable {
    case there
    /// Nil: for longer than anybody remembers.
    case away(since: Moment?)
  }

  private var state = State.away(since: nil)

  static let there = CardPresence(state: .there)
  static let away = CardPresence(state: .away(since: nil))

  mutating func left(at now: Moment) {
    if state == .there { state = .away(since: now) }
  }

  /// - Returns: whether that is a tap: the card was away for long enough.
  mutating func entered(at now: Moment, minimumAway: Int64) -> Bool {
    defer { state = .there }
    return switch state {
    case .there: false
    case .away(since: nil): true
    case .away(.some(let since)): now >= since + minimumAway
    }
  }
}

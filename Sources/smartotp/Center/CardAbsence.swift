/// Since when a card is known to be gone. It decides what counts as lifted.
///
/// Only the chip's own word that no card is there counts, given again and again for a while: a line
/// that fails, a chip that is silent and a reader that is lost say nothing about the card, and a
/// disturbance must not pass for a tap.
struct CardAbsence {
  /// What one look for the card found.
  enum Look: Hashable {
    /// This card or another.
    case card
    /// The chip says that nothing is there.
    case nothing
    /// The look itself failed.
    case unknown
  }

  /// Nobody lifts a card and lays it down again in less.
  static let minimum = Duration.milliseconds(300)
  /// After a longer time between two looks the card may have been there in the meantime.
  static let longestGap = Duration.milliseconds(500)

  private var span: (first: ContinuousClock.Instant, last: ContinuousClock.Instant)?

  /// - Parameter now: the look's end.
  mutating func note(_ look: Look, at now: ContinuousClock.Instant) {
    guard look == .nothing else {
      span = nil
      return
    }
    if let earlier = span, now - earlier.last <= Self.longestGap {
      span = (earlier.first, now)
    } else {
      span = (now, now)
    }
  }

  /// Whether the card has been away for long enough.
  var isEnough: Bool { span.map { $0.last - $0.first >= Self.minimum } ?? false }
}

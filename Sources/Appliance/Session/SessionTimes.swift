/// How long the session waits, in milliseconds.
public struct SessionTimes: Hashable, Sendable {
  /// For a card, after a transaction was pushed; the transaction's own end may come first.
  public var awaitCard: Int64 = 120_000
  /// For reading a card, asking what is pending for it, and claiming, each.
  public var step: Int64 = 10_000
  /// For the customer to read the transaction and tap again.
  public var present: Int64 = 60_000
  /// For the card to make its code.
  public var generate: Int64 = 10_000
  /// How long a code is shown (S10).
  public var show: Int64 = 60_000
  /// A card that was away for less never left the reader: it moved, or the field was disturbed.
  public var minimumAway: Int64 = 300

  public init() {}
}

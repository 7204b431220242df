/// How often a whole tap (activate, SELECT, VALIDATE, the command) is repeated. It ends at the
/// deadline in any case.
public struct OATHRetryPolicy: Hashable, Sendable {
  /// Taps in all, at least 1.
  public let maximumAttempts: Int
  /// Believe a refusal only when it comes twice. A PN532 does not notice when its serial line
  /// loses a zero byte of a command, so the card may have refused another command than was sent.
  public let confirmsRefusals: Bool
  /// How long one exchange may take before its answer counts as lost. Cards calculate in
  /// milliseconds and erase in tenths of a second.
  public let exchangeLimit: Duration

  public init(
    maximumAttempts: Int = 4, confirmsRefusals: Bool = true, exchangeLimit: Duration = .seconds(1)
  ) {
    self.maximumAttempts = max(maximumAttempts, 1)
    self.confirmsRefusals = confirmsRefusals
    self.exchangeLimit = exchangeLimit
  }

  public static let standard = OATHRetryPolicy()
  public static let once = OATHRetryPolicy(maximumAttempts: 1, confirmsRefusals: false)

  /// Whether to start over after `error`, which came after `before`.
  func allowsRepeat(after error: OATHError, before: OATHError?) -> Bool {
    if case .card(let cardError) = error { return cardError.isTransient }
    return confirmsRefusals && error.isRefusal && error != before
  }
}

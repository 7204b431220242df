import SmartOTP

/// What decides about a transaction and its codes.
public struct TransactionStanding: Hashable, Sendable {
  public let state: TransactionState
  public let attemptsLeft: Int
  public let expiresAt: UnixTime
  public let challengeTime: UnixTime?
  public let card: CardStanding

  public init(
    state: TransactionState, attemptsLeft: Int, expiresAt: UnixTime, challengeTime: UnixTime?,
    card: CardStanding
  ) {
    self.state = state
    self.attemptsLeft = attemptsLeft
    self.expiresAt = expiresAt
    self.challengeTime = challengeTime
    self.card = card
  }

  public var codeExpiresAt: UnixTime? { challengeTime.map { $0 + Transaction.codeLifetimeSeconds } }

  /// Whether nothing can come of it any more: neither a claim nor the code of the last one.
  public func hasExpired(at now: UnixTime) -> Bool {
    !state.isFinal && now >= expiresAt && now >= (codeExpiresAt ?? expiresAt)
  }

  private var stateRefusal: Refusal? {
    switch state {
    case .pending, .claimed: nil
    case .verified: Refusal(.transactionState, "the transaction is verified: its code was used")
    case .rejected: Refusal(.transactionState, "the transaction was rejected after wrong codes")
    case .cancelled: Refusal(.transactionState, "the transaction was cancelled")
    case .expired: Refusal(.transactionExpired)
    }
  }
}

extension TransactionStanding {
  /// Why the transaction cannot be claimed.
  public func claimRefusal(at now: UnixTime) -> Refusal? {
    if let refusal = stateRefusal ?? card.useRefusal { return refusal }
    return now >= expiresAt ? Refusal(.transactionExpired) : nil
  }

  /// The challenge time of a claim: later than any before, so that earlier codes are void.
  public func nextChallengeTime(at now: UnixTime) -> UnixTime {
    max(now, challengeTime.map { $0 + 1 } ?? now)
  }

  /// Why the transaction cannot be cancelled; nil for one that is cancelled already.
  public func cancellationRefusal(at now: UnixTime) -> Refusal? {
    if state == .cancelled { return nil }
    return stateRefusal ?? (hasExpired(at: now) ? Refusal(.transactionExpired) : nil)
  }

  /// Why no code is looked at.
  public func verificationRefusal(at now: UnixTime) -> Refusal? {
    if let refusal = stateRefusal ?? card.useRefusal { return refusal }
    guard let codeExpiresAt, state == .claimed else {
      return Refusal(
        .transactionState, "no device has claimed the transaction: there is no code yet")
    }
    guard now >= codeExpiresAt else { return nil }
    return Refusal(
      .transactionExpired,
      hasExpired(at: now) ? nil : "the code has run out: claim the transaction for a new one")
  }

  /// What a code does, once `verificationRefusal` had nothing against it.
  public func outcome(codeIsRight: Bool) -> CodeOutcome {
    if codeIsRight {
      return CodeOutcome(
        result: .accepted, state: .verified, attemptsLeft: attemptsLeft, wrongCodes: 0)
    }
    let left = max(attemptsLeft - 1, 0)
    return CodeOutcome(
      result: .wrong, state: left == 0 ? .rejected : state, attemptsLeft: left,
      wrongCodes: min(card.wrongCodes + 1, Card.wrongCodeLimit))
  }
}

/// What a code did to its transaction and to the card.
public struct CodeOutcome: Hashable, Sendable {
  public let result: Verification.Result
  public let state: TransactionState
  public let attemptsLeft: Int
  /// The card's count from now on.
  public let wrongCodes: Int

  public var locksCard: Bool { wrongCodes >= Card.wrongCodeLimit }

  public var verification: Verification {
    Verification(
      result: result, transaction: state, attemptsLeft: attemptsLeft, cardLocked: locksCard)
  }
}

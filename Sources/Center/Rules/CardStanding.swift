import SmartOTP

/// What decides about a card: where it is in its life, and its wrong codes in a row.
public struct CardStanding: Hashable, Sendable {
  public let state: CardState
  public let wrongCodes: Int

  public init(state: CardState, wrongCodes: Int) {
    self.state = state
    self.wrongCodes = wrongCodes
  }

  public var isLocked: Bool { wrongCodes >= Card.wrongCodeLimit }

  /// Why no code of the card counts; nil for an active, unlocked card.
  public var useRefusal: Refusal? {
    if let refusal = activityRefusal { return refusal }
    return isLocked ? Refusal(.cardLocked) : nil
  }

  /// Why the card is not in use, locked or not; nil for an active one.
  public var activityRefusal: Refusal? {
    switch state {
    case .active: nil
    case .lost: Refusal(.cardLost)
    case .reserved, .keyed: Refusal(.cardState, "the card has not proved its key yet")
    case .retired: Refusal(.cardState, "the card was taken out of use")
    }
  }
}

/// What is done to a card in its life.
public enum CardStep: CaseIterable, Sendable {
  case keysBegun
  case keysWritten
  /// With a right proof.
  case activation
  case abandonment
  case loss
  case retirement
}

public enum CardStepOutcome: Hashable, Sendable {
  case becomes(CardState)
  /// It was done before: nothing changes, and nothing is wrong.
  case unchanged
  case refused(Refusal)
}

extension CardStanding {
  /// What comes of a step. Every outcome that changes the state is one that `CardState.mayBecome`.
  public func outcome(of step: CardStep) -> CardStepOutcome {
    switch (step, state) {
    case (.keysBegun, .reserved), (.keysBegun, .keyed): .unchanged
    case (.keysWritten, .reserved), (.keysWritten, .keyed): .becomes(.keyed)
    case (.activation, .keyed): .becomes(.active)
    case (.activation, .reserved), (.activation, .active): .refused(Refusal(.proofNotExpected))
    case (.abandonment, .reserved), (.abandonment, .keyed): .becomes(.retired)
    case (.abandonment, .retired), (.loss, .lost), (.retirement, .retired): .unchanged
    case (.loss, .active): .becomes(.lost)
    case (.retirement, .active): .becomes(.retired)
    case (_, .lost): .refused(Refusal(.cardLost))
    case (_, .retired): .refused(Refusal(.cardState, "the card was taken out of use"))
    case (.keysBegun, .active), (.keysWritten, .active), (.abandonment, .active):
      .refused(Refusal(.cardState, "the card is active: retire it, or report it lost"))
    case (.loss, .reserved), (.loss, .keyed), (.retirement, .reserved), (.retirement, .keyed):
      .refused(Refusal(.cardState, "the card is not active yet: give it up instead"))
    }
  }
}

import SmartOTP

/// What a step asks the appliance to do.
public enum SessionEffect: Hashable, Sendable {
  /// Read which card lies on the reader.
  case identify(Attempt)
  /// Ask the centre what is open for the card.
  case lookUp(CardIdentity, Attempt)
  case claim(TransactionID, CardIdentity, Attempt)
  /// Have the card make the code; it must be this card. The code stays with whoever carries the
  /// effect out until `showCode` or `wipeCode`.
  case makeCode(Transaction, Attempt)
  /// Have the card make a plain TOTP code; otherwise as `makeCode`.
  case makePlainCode(CardIdentity, Attempt)
  case showCode(Attempt, until: Moment)
  /// Take the code off every display and out of memory.
  case wipeCode
  /// Forget a code that came too late; what is shown stays.
  case discardCode(Attempt)
  /// Tell the centre that nothing will come of it.
  case cancel(TransactionID)
  case display(Screen)
  /// Say it beside what is displayed.
  case notice(Notice)
}

/// What the displays show when it is not a code.
public enum Screen: Hashable, Sendable {
  case restricted([Restriction])
  case readerLost
  case idle(centerIsThere: Bool)
  /// Idle while the centre is away, and a tap leads to a plain code.
  case idleForPlainCodes
  case tapCard(Offer)
  case reading
  case transaction(Transaction, until: Moment)
  /// That the centre is away, and that a second tap makes a code that confirms no transaction.
  case plainCode(until: Moment)
  case making
}

/// One sentence to the person at the reader.
public enum Notice: Hashable, Sendable {
  case card(CardTrouble)
  case center(CenterTrouble)
  case nothingPending
  case timedOut
  case cancelled
  /// The centre closed the transaction.
  case closed
  case readerLost
}

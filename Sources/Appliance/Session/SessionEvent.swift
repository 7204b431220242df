import SmartOTP

/// A transaction that waits at the centre, as a push message or a look-up names it.
public struct Offer: Hashable, Sendable {
  public let transaction: TransactionID
  public let card: CardIdentity
  /// It cannot be claimed after that.
  public let until: Moment

  public init(transaction: TransactionID, card: CardIdentity, until: Moment) {
    self.transaction = transaction
    self.card = card
    self.until = until
  }
}

/// One try at something that takes time. A result that names an older one comes too late.
public struct Attempt: Hashable, Sendable {
  let number: UInt64
}

/// What happened to a session. Moments come with the event: the session has no clock.
public enum SessionEvent: Hashable, Sendable {
  // From the centre.
  case pushed(Offer)
  /// The transaction was verified, cancelled, ran out, or was claimed on another device.
  case closed(TransactionID)
  /// The card was reported lost, or taken off this device.
  case cardWithdrawn(CardIdentity)
  case centerLost
  case centerBack

  // From the reader.
  case cardEntered
  case cardLeft
  case readerLost
  /// - Parameter cardIsThere: whether a card lies on it already. That is no tap.
  case readerBack(cardIsThere: Bool)

  // What became of an effect.
  case identified(CardIdentity, Attempt)
  case identificationFailed(CardTrouble, Attempt)
  /// What is open at the centre for the card, oldest first.
  case lookedUp([Offer], Attempt)
  case lookUpFailed(CenterTrouble, Attempt)
  /// - Parameter codeUntil: the centre takes the code until then.
  case claimed(Transaction, codeUntil: Moment, Attempt)
  case claimFailed(CenterTrouble, Attempt)
  /// - Parameter until: of a plain code, the end of its time.
  case codeMade(Attempt, until: Moment? = nil)
  case codeFailed(CardTrouble, Attempt)

  // From people and the appliance itself.
  case cancelled
  /// What keeps the appliance from making codes; empty when nothing does any more (S11).
  case restrictions([Restriction])
  /// Whether a plain code may be made while the centre is away: it is wanted, and the clock is set.
  case plainCodes(arePossible: Bool)
  /// Time passed.
  case tick
}

/// Why a card did not do what it was asked.
public enum CardTrouble: String, CaseIterable, Hashable, Sendable {
  /// It was taken away too early.
  case gone
  /// At the second tap: not the card of the first.
  case otherCard = "other-card"
  /// No Smart OTP on it.
  case notSmartOTP = "not-smart-otp"
  /// A Smart OTP that is not registered on this device.
  case notRegistered = "not-registered"
  /// More than one in the field.
  case several
  /// None of the credentials on it may be used while the centre is away.
  case noPlainCode = "no-plain-code"
  /// It refused or answered nonsense.
  case faulty
}

/// Why the centre did not do what it was asked.
public enum CenterTrouble: String, CaseIterable, Hashable, Sendable {
  case unreachable
  /// The transaction is closed.
  case closed
  case cardLost = "card-lost"
  case cardLocked = "card-locked"
  case refused
}

/// Why the appliance makes no codes (S11).
public enum Restriction: String, CaseIterable, Hashable, Sendable {
  case deviceNotRegistered = "device-not-registered"
  case copiedState = "copied-state"
  case stateUnreadable = "state-unreadable"
  case stateExposed = "state-exposed"
  case readerForbidden = "reader-forbidden"
  case installationAltered = "installation-altered"
  case platformTooOld = "platform-too-old"
}

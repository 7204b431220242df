import SmartOTP

/// Where a session is.
public enum SessionPhase: Hashable, Sendable {
  case restricted([Restriction])
  /// No reader; what was claimed goes on when it is back in time.
  case readerLost(Presentation?)
  case idle
  case awaitingCard(Offer, until: Moment)
  case identifying(Identification)
  case presenting(Presentation)
  case generating(Presentation, Attempt, until: Moment)
  case showing(Presentation, Attempt, until: Moment)

  /// When the phase ends by itself; nil where the session rests.
  public var deadline: Moment? {
    switch self {
    case .restricted, .idle: nil
    case .readerLost(let presentation): presentation?.until
    case .awaitingCard(_, let until): until
    case .identifying(let identification): identification.until
    case .presenting(let presentation): presentation.until
    case .generating(_, _, let until): until
    case .showing(_, _, let until): until
    }
  }

  /// The transaction at hand.
  public var transaction: TransactionID? {
    switch self {
    case .restricted, .idle: nil
    case .readerLost(let presentation): presentation?.purpose.transaction?.id
    case .awaitingCard(let offer, _): offer.transaction
    case .identifying(let identification): identification.transaction
    case .presenting(let presentation), .generating(let presentation, _, _),
      .showing(let presentation, _, _):
      presentation.purpose.transaction?.id
    }
  }

  /// The card at hand.
  var card: CardIdentity? {
    switch self {
    case .restricted, .idle: nil
    case .readerLost(let presentation): presentation?.purpose.card
    case .awaitingCard(let offer, _): offer.card
    case .identifying(let identification): identification.card
    case .presenting(let presentation), .generating(let presentation, _, _),
      .showing(let presentation, _, _):
      presentation.purpose.card
    }
  }
}

/// The first tap: which card is it, and what is it for.
public struct Identification: Hashable, Sendable {
  public enum Stage: Hashable, Sendable {
    case reading
    case lookingUp(CardIdentity)
    case claiming(Offer)
  }

  public var stage: Stage
  /// What was on offer before the tap; it goes on if the card is another one's.
  public var offer: Offer?
  public var attempt: Attempt
  public var until: Moment

  var transaction: TransactionID? {
    if case .claiming(let offer) = stage { offer.transaction } else { offer?.transaction }
  }

  var card: CardIdentity? {
    switch stage {
    case .reading: offer?.card
    case .lookingUp(let card): card
    case .claiming(let offer): offer.card
    }
  }
}

/// What the customer reads, up to the second tap.
public struct Presentation: Hashable, Sendable {
  public let purpose: CodePurpose
  public let until: Moment
  /// No code is good after that: the centre takes it until then, or the session ends it.
  public let codeUntil: Moment
}

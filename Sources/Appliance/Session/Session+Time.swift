extension Session {
  /// Ends the phase whose deadline has come.
  mutating func expire(at now: Moment, _ effects: inout [SessionEffect]) {
    guard let deadline = phase.deadline, deadline <= now else { return }
    switch phase {
    case .restricted, .idle: break
    case .readerLost(let presentation):
      if let presentation { giveUp(presentation, &effects) }
      finish(at: now, &effects)
    case .awaitingCard:
      finish(at: now, saying: .timedOut, &effects)
    case .identifying(let identification):
      expire(identification, at: now, &effects)
    case .presenting(let presentation):
      giveUp(presentation, &effects)
      finish(at: now, saying: .timedOut, &effects)
    case .generating(let presentation, _, _):
      presentAgain(presentation, at: now, saying: .card(.faulty), &effects)
      expire(at: now, &effects)
    case .showing:
      finish(at: now, &effects)
    }
  }

  private mutating func expire(
    _ identification: Identification, at now: Moment, _ effects: inout [SessionEffect]
  ) {
    switch identification.stage {
    case .reading: resume(identification, at: now, saying: .card(.faulty), &effects)
    case .lookingUp(let card):
      lookUpFailed(.unreachable, for: card, identification, at: now, &effects)
    case .claiming: finish(at: now, saying: .center(.unreachable), &effects)
    }
  }

  private func giveUp(_ presentation: Presentation, _ effects: inout [SessionEffect]) {
    if let transaction = presentation.purpose.transaction {
      effects.append(.cancel(transaction.id))
    }
  }

  /// After a first tap that came to nothing: what was on offer before is again.
  mutating func resume(
    _ identification: Identification, at now: Moment, saying notice: Notice,
    _ effects: inout [SessionEffect]
  ) {
    effects.append(.notice(notice))
    if let offer = identification.offer, offer.until > now {
      awaitCard(offer, at: now, &effects)
    } else {
      rest(at: now, &effects)
    }
  }

  /// The button, the command, or the branch's software (S9).
  mutating func cancel(at now: Moment, _ effects: inout [SessionEffect]) {
    switch phase {
    case .restricted, .idle: return
    case .readerLost(nil): return
    case .identifying(let identification) where identification.transaction == nil:
      finish(at: now, saying: .cancelled, &effects)
    default:
      if let transaction = phase.transaction { effects.append(.cancel(transaction)) }
      finish(at: now, saying: .cancelled, &effects)
    }
  }

  /// A failed check stops everything at once; a mended one lets the session begin again.
  mutating func restrict(
    _ reasons: [Restriction], at now: Moment, _ effects: inout [SessionEffect]
  ) {
    guard reasons != restrictions else { return }
    restrictions = reasons
    if case .restricted = phase {
      rest(at: now, &effects)
    } else if !reasons.isEmpty {
      stop(at: now, &effects)
    }
  }

  private mutating func stop(at now: Moment, _ effects: inout [SessionEffect]) {
    if phase.isBegun {
      if let transaction = phase.transaction { effects.append(.cancel(transaction)) }
      finish(at: now, &effects)
    } else {
      switch phase {
      case .awaitingCard(let offer, _): putBack(offer)
      case .identifying(let identification):
        if let offer = identification.offer { putBack(offer) }
      default: break
      }
      rest(at: now, &effects)
    }
  }
}

extension SessionPhase {
  /// Whether there is something at hand that cannot be put back: a claimed transaction, as far as this
  /// device knows, or a plain code.
  var isBegun: Bool {
    switch self {
    case .presenting, .generating, .showing, .readerLost(.some): true
    case .identifying(let identification):
      if case .claiming = identification.stage { true } else { false }
    case .restricted, .idle, .awaitingCard, .readerLost(nil): false
    }
  }
}

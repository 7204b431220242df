import SmartOTP

extension Session {
  mutating func takeResult(
    _ event: SessionEvent, at now: Moment, _ effects: inout [SessionEffect]
  ) {
    switch (event, phase) {
    case (.codeMade(let made, let until), .generating(let presentation, let attempt, _))
    where made == attempt:
      show(presentation, attempt, until: until, at: now, &effects)
    case (.codeMade(let made, _), .showing(_, let attempt, _)) where made == attempt: break
    case (.codeMade(let late, _), _):
      // What it was made for is over: nobody may see it.
      effects.append(.discardCode(late))
    case (.codeFailed(.noPlainCode, let failed), .generating(_, let attempt, _))
    where failed == attempt:
      finish(at: now, saying: .card(.noPlainCode), &effects)
    case (.codeFailed(let trouble, let failed), .generating(let presentation, let attempt, _))
    where failed == attempt:
      presentAgain(presentation, at: now, saying: .card(trouble), &effects)
    case (_, .identifying(let identification)):
      takeResult(event, of: identification, at: now, &effects)
    default: break
    }
  }

  private mutating func takeResult(
    _ event: SessionEvent, of identification: Identification, at now: Moment,
    _ effects: inout [SessionEffect]
  ) {
    let current = identification.attempt
    switch (event, identification.stage) {
    case (.identified(let card, let attempt), .reading) where attempt == current:
      identified(card, identification, at: now, &effects)
    case (.identificationFailed(let trouble, let attempt), .reading) where attempt == current:
      resume(identification, at: now, saying: .card(trouble), &effects)
    case (.lookedUp(let offers, let attempt), .lookingUp(let card)) where attempt == current:
      lookedUp(offers.filter { $0.card == card }, identification, at: now, &effects)
    case (.lookUpFailed(let trouble, let attempt), .lookingUp(let card)) where attempt == current:
      lookUpFailed(trouble, for: card, identification, at: now, &effects)
    case (.claimed(let transaction, let codeUntil, let attempt), .claiming(let offer))
    where attempt == current:
      claimed(transaction, codeUntil, offer, at: now, &effects)
    case (.claimFailed(let trouble, let attempt), .claiming) where attempt == current:
      finish(at: now, saying: .center(trouble), &effects)
    default: break
    }
  }

  private mutating func show(
    _ presentation: Presentation, _ attempt: Attempt, until end: Moment?, at now: Moment,
    _ effects: inout [SessionEffect]
  ) {
    let until = min(now + times.show, presentation.codeUntil, end ?? presentation.codeUntil)
    guard until > now else {
      presentAgain(presentation, at: now, saying: .card(.faulty), &effects)
      return
    }
    phase = .showing(presentation, attempt, until: until)
    effects.append(.showCode(attempt, until: until))
  }

  private mutating func identified(
    _ card: CardIdentity, _ identification: Identification, at now: Moment,
    _ effects: inout [SessionEffect]
  ) {
    if let offer = identification.offer, offer.card == card {
      claim(offer, aside: nil, at: now, &effects)
    } else if let index = waiting.firstIndex(where: { $0.card == card && $0.until > now }) {
      claim(waiting.remove(at: index), aside: identification.offer, at: now, &effects)
    } else {
      let attempt = nextAttempt()
      phase = .identifying(
        Identification(
          stage: .lookingUp(card), offer: identification.offer, attempt: attempt,
          until: now + times.step))
      effects.append(.lookUp(card, attempt))
    }
  }

  private mutating func lookedUp(
    _ offers: [Offer], _ identification: Identification, at now: Moment,
    _ effects: inout [SessionEffect]
  ) {
    let open = offers.filter { $0.until > now }
    guard let first = open.first else {
      resume(identification, at: now, saying: .nothingPending, &effects)
      return
    }
    for offer in open.dropFirst() where !isKnown(offer.transaction) {
      guard waiting.count < Self.maximumWaiting else { break }
      waiting.append(offer)
    }
    waiting.removeAll { $0.transaction == first.transaction }
    claim(first, aside: identification.offer, at: now, &effects)
  }

  /// Where the centre is away, a card for which nothing was on offer may still make a plain code.
  mutating func lookUpFailed(
    _ trouble: CenterTrouble, for card: CardIdentity, _ identification: Identification,
    at now: Moment, _ effects: inout [SessionEffect]
  ) {
    guard trouble == .unreachable, plainCodesArePossible, identification.offer == nil else {
      resume(identification, at: now, saying: .center(trouble), &effects)
      return
    }
    let until = now + times.present
    present(
      Presentation(
        purpose: .plain(card), until: until, codeUntil: until + (times.generate + times.show)),
      &effects)
  }

  /// - Parameter aside: what was on offer for another card; it waits at the head of the queue.
  private mutating func claim(
    _ offer: Offer, aside: Offer?, at now: Moment, _ effects: inout [SessionEffect]
  ) {
    if let aside, aside.transaction != offer.transaction {
      putBack(aside)
    }
    let attempt = nextAttempt()
    phase = .identifying(
      Identification(
        stage: .claiming(offer), offer: nil, attempt: attempt, until: now + times.step))
    effects.append(.claim(offer.transaction, offer.card, attempt))
  }

  private mutating func claimed(
    _ transaction: Transaction, _ codeUntil: Moment, _ offer: Offer, at now: Moment,
    _ effects: inout [SessionEffect]
  ) {
    guard transaction.id == offer.transaction, transaction.card == offer.card,
      transaction.state == .claimed, codeUntil > now
    else {
      effects.append(.cancel(offer.transaction))
      finish(at: now, saying: .center(.refused), &effects)
      return
    }
    let presentation = Presentation(
      purpose: .transaction(transaction), until: min(now + times.present, codeUntil),
      codeUntil: codeUntil)
    if readerIsThere {
      present(presentation, &effects)
    } else {
      phase = .readerLost(presentation)
      effects.append(.display(.readerLost))
    }
  }
}

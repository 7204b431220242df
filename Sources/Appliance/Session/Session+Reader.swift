extension Session {
  mutating func takeFromReader(
    _ event: SessionEvent, at now: Moment, _ effects: inout [SessionEffect]
  ) {
    switch event {
    case .cardEntered:
      if presence.entered(at: now, minimumAway: times.minimumAway) { tap(at: now, &effects) }
    case .cardLeft: presence.left(at: now)
    case .readerLost: loseReader(at: now, &effects)
    case .readerBack(let cardIsThere):
      presence = cardIsThere ? .there : .away
      readerIsThere = true
      recoverReader(at: now, &effects)
    default: break
    }
  }

  private mutating func tap(at now: Moment, _ effects: inout [SessionEffect]) {
    guard readerIsThere else { return }
    switch phase {
    case .idle: identify(offer: nil, at: now, &effects)
    case .awaitingCard(let offer, _): identify(offer: offer, at: now, &effects)
    case .presenting(let presentation):
      let attempt = nextAttempt()
      phase = .generating(
        presentation, attempt, until: min(now + times.generate, presentation.codeUntil))
      effects.append(.display(.making))
      switch presentation.purpose {
      case .transaction(let transaction): effects.append(.makeCode(transaction, attempt))
      case .plain(let card): effects.append(.makePlainCode(card, attempt))
      }
    case .restricted, .readerLost, .identifying, .generating, .showing: break
    }
  }

  private mutating func identify(
    offer: Offer?, at now: Moment, _ effects: inout [SessionEffect]
  ) {
    let attempt = nextAttempt()
    phase = .identifying(
      Identification(stage: .reading, offer: offer, attempt: attempt, until: now + times.step))
    effects.append(.display(.reading))
    effects.append(.identify(attempt))
  }

  private mutating func loseReader(at now: Moment, _ effects: inout [SessionEffect]) {
    guard readerIsThere else { return }
    readerIsThere = false
    switch phase {
    case .restricted, .readerLost, .showing: return
    case .idle: rest(at: now, &effects)
    case .awaitingCard(let offer, _): setAside(offer, at: now, &effects)
    case .identifying(let identification): loseReader(during: identification, at: now, &effects)
    case .presenting(let presentation):
      phase = .readerLost(presentation)
      effects.append(.display(.readerLost))
    case .generating(let presentation, _, _):
      guard !presentation.isOutdated(centerIsThere: centerIsThere) else {
        finish(at: now, &effects)
        return
      }
      effects.append(.wipeCode)
      phase = .readerLost(presentation)
      effects.append(.display(.readerLost))
    }
  }

  private mutating func loseReader(
    during identification: Identification, at now: Moment, _ effects: inout [SessionEffect]
  ) {
    switch identification.stage {
    case .claiming: return  // The centre's answer comes without a reader.
    case .reading, .lookingUp:
      if let offer = identification.offer {
        setAside(offer, at: now, &effects)
      } else {
        rest(at: now, &effects)
      }
    }
  }

  /// An offer that was on display waits for the reader at the head of the queue.
  private mutating func setAside(
    _ offer: Offer, at now: Moment, _ effects: inout [SessionEffect]
  ) {
    putBack(offer)
    rest(at: now, &effects)
  }

  private mutating func recoverReader(at now: Moment, _ effects: inout [SessionEffect]) {
    switch phase {
    case .readerLost(.some(let presentation)): present(presentation, &effects)
    case .readerLost(nil): rest(at: now, &effects)
    default: break
    }
  }
}

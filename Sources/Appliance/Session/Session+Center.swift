import SmartOTP

extension Session {
  mutating func takeFromCenter(
    _ event: SessionEvent, at now: Moment, _ effects: inout [SessionEffect]
  ) {
    switch event {
    case .pushed(let offer): push(offer, at: now, &effects)
    case .closed(let transaction):
      waiting.removeAll { $0.transaction == transaction }
      if phase.transaction == transaction { finish(at: now, saying: .closed, &effects) }
    case .cardWithdrawn(let card):
      waiting.removeAll { $0.card == card }
      if phase.card == card { finish(at: now, saying: .center(.cardLost), &effects) }
    case .centerLost: set(centerIsThere: false, &effects)
    case .centerBack:
      set(centerIsThere: true, &effects)
      endPlainCode(at: now, &effects)
    case .plainCodes(let arePossible): set(plainCodesArePossible: arePossible, &effects)
    default: break
    }
  }

  private mutating func push(
    _ offer: Offer, at now: Moment, _ effects: inout [SessionEffect]
  ) {
    guard offer.until > now, !isKnown(offer.transaction) else { return }
    if phase == .idle {
      awaitCard(offer, at: now, &effects)
    } else if waiting.count < Self.maximumWaiting {
      waiting.append(offer)
    }
  }

  private mutating func set(centerIsThere isThere: Bool, _ effects: inout [SessionEffect]) {
    guard centerIsThere != isThere else { return }
    centerIsThere = isThere
    if phase == .idle { effects.append(.display(idleScreen)) }
  }

  private mutating func set(
    plainCodesArePossible arePossible: Bool, _ effects: inout [SessionEffect]
  ) {
    guard plainCodesArePossible != arePossible else { return }
    let before = idleScreen
    plainCodesArePossible = arePossible
    if phase == .idle, idleScreen != before { effects.append(.display(idleScreen)) }
  }

  /// One that is being made or shown stays.
  private mutating func endPlainCode(at now: Moment, _ effects: inout [SessionEffect]) {
    switch phase {
    case .presenting(let presentation), .readerLost(.some(let presentation)):
      if presentation.isOutdated(centerIsThere: true) { finish(at: now, &effects) }
    default: break
    }
  }
}

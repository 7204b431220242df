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
    case .centerBack: set(centerIsThere: true, &effects)
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
    if phase == .idle { effects.append(.display(.idle(centerIsThere: isThere))) }
  }
}

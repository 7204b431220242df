import DeviceIdentity
import SmartOTP

extension ApplianceLoop {
  /// Works as this device from now on; nil while it is registered nowhere.
  public func set(_ context: DeviceContext?) {
    link?.cancel()
    self.context = context
    centerCondition = CenterCondition(
      address: context?.address, device: context?.device,
      certificateExpiresAt: context?.certificateExpiresAt)
    take(.centerLost)
    guard let center = context?.center else { return }
    link = Task { [weak self] in
      for await update in center.updates(after: nil) {
        guard !Task.isCancelled, let self else { return }
        await self.take(update)
      }
    }
  }

  /// The cards on this device changed.
  public func set(cards: [StoredCard]) { context?.cards = cards }

  private func take(_ update: CenterUpdate) {
    switch update {
    case .connected:
      centerCondition.isThere = true
      centerCondition.trouble = nil
      log(.info, "the centre is there")
      hub.publish(.center, "connected", "the centre is there")
      take(.centerBack)
      learnLanguages()
    case .disconnected(let error), .ended(let error):
      centerCondition.isThere = false
      centerCondition.trouble = "\(error)"
      counters.centerLosses += 1
      note("the centre: \(error)")
      hub.publish(.center, "lost", "\(error)")
      checkPlainCodes()
      take(.centerLost)
    case .event(let event): take(event)
    }
  }

  private func take(_ event: DeviceEvent) {
    switch event.kind {
    case .transactionPending:
      guard let transaction = event.transaction else { return }
      counters.transactionsPushed += 1
      take(
        .pushed(
          Offer(
            transaction: transaction, card: event.card,
            until: clock.moment() + Transaction.defaultLifetimeSeconds * 1000)))
    case .transactionClosed:
      if let transaction = event.transaction { take(.closed(transaction)) }
    case .cardWithdrawn: forget(event.card)
    }
  }

  /// The card is lost, retired or no longer on this device: its key goes (S6).
  private func forget(_ card: CardIdentity) {
    log(.info, "card \(card) was withdrawn")
    // Said in its language, which is gone with it.
    take(.cardWithdrawn(card))
    context?.cards.removeAll { $0.card == card }
    do throws(DeviceIdentityError) { try context?.forget(card) } catch {
      note("the key of \(card) could not be removed: \(error)", .error)
    }
  }

  /// What keeps the appliance from making codes; empty when nothing does any more.
  public func restrict(_ impediments: [Impediment]) {
    guard impediments != self.impediments else { return }
    self.impediments = impediments
    for impediment in impediments {
      note("restricted: \(impediment.finding); \(impediment.fix)", .error)
    }
    if impediments.isEmpty { log(.info, "nothing is in the way any more") }
    var restrictions: [Restriction] = []
    for impediment in impediments where !restrictions.contains(impediment.restriction) {
      restrictions.append(impediment.restriction)
    }
    take(.restrictions(restrictions))
  }
}

import SmartOTP

extension ApplianceLoop {
  func carryOut(_ effects: [SessionEffect]) {
    var notice: Notice?
    var isNewScreen = false
    for effect in effects {
      switch effect {
      case .identify(let attempt):
        job = .identify(attempt, among: context?.cards ?? [])
      case .makeCode(let transaction, let attempt): makeCode(of: transaction, attempt)
      case .makePlainCode(let card, let attempt): makePlainCode(of: card, attempt)
      case .showCode(let attempt, _):
        show(attempt)
        isNewScreen = true
      case .wipeCode: wipeCodes()
      case .discardCode(let attempt): made.removeValue(forKey: attempt)?.wipe()
      case .lookUp(let card, let attempt): lookUp(card, attempt)
      case .claim(let transaction, let card, let attempt): claim(transaction, card, attempt)
      case .cancel(let transaction): cancel(transaction)
      case .display(let screen):
        current.content = .screen(screen)
        isNewScreen = true
      case .notice(let said): notice = said
      }
    }
    if let notice {
      current.notice = notice
      noticeUntil = clock.moment() + configuration.noticeTime
      hub.publish(
        .notice, notice.key, transaction: session.phase.transaction, notice.sentence)
      log(.info, notice.sentence)
    } else if isNewScreen {
      current.notice = nil
      noticeUntil = nil
    }
  }

  // MARK: - Codes

  private func makeCode(of transaction: Transaction, _ attempt: Attempt) {
    guard let card = context?.cards.first(where: { $0.card == transaction.card }) else {
      followUps.append(.codeFailed(.notRegistered, attempt))
      return
    }
    job = .makeCode(attempt, transaction, card)
  }

  private func makePlainCode(of card: CardIdentity, _ attempt: Attempt) {
    guard let card = context?.cards.first(where: { $0.card == card }) else {
      followUps.append(.codeFailed(.notRegistered, attempt))
      return
    }
    job = .makePlainCode(attempt, card, configuration.plainCredentials)
  }

  /// Tells the session whether plain codes are possible now.
  func checkPlainCodes() {
    guard !configuration.plainCredentials.isEmpty else { return }
    let arePossible = services.clockIsSet()
    if arePossible == clockIsUnset {
      clockIsUnset = !arePossible
      if arePossible {
        log(.info, "the clock is set: plain codes are possible")
      } else {
        note(
          "the clock is not set: no plain codes while the centre is away; have it follow a time server"
            + " (timedatectl set-ntp true) or fit a clock chip")
      }
    }
    take(.plainCodes(arePossible: arePossible))
  }

  private func show(_ attempt: Attempt) {
    guard let code = made.removeValue(forKey: attempt),
      case .showing(let presentation, _, _) = session.phase
    else { return }
    shown = code
    current.content = .code(code, for: presentation.purpose)
    counters.codesShown += 1
    log(
      .info,
      presentation.purpose.transaction == nil
        ? "a plain code is shown, for no transaction" : "a code is shown")
  }

  /// No code is left in this process; the displays get another current at the end of the step.
  func wipeCodes() {
    for code in made.values { code.wipe() }
    made = [:]
    shown?.wipe()
    shown = nil
    if case .code = current.content { current.content = .blank }
  }

  // MARK: - The centre

  private func lookUp(_ card: CardIdentity, _ attempt: Attempt) {
    guard let center = context?.center else {
      followUps.append(.lookUpFailed(.unreachable, attempt))
      return
    }
    let now = clock.moment()
    Task {
      let event: SessionEvent
      do throws(CenterServiceError) {
        let open = try await center.openTransactions(for: card)
        event = .lookedUp(open.map { Offer($0, seen: now) }, attempt)
      } catch {
        event = .lookUpFailed(centerTrouble(error, "ask for transactions"), attempt)
      }
      take(event)
    }
  }

  private func claim(_ transaction: TransactionID, _ card: CardIdentity, _ attempt: Attempt) {
    guard let center = context?.center else {
      followUps.append(.claimFailed(.unreachable, attempt))
      return
    }
    // The code's time runs from the centre's claim, which is no earlier than this.
    let codeUntil = clock.moment() + Transaction.codeLifetimeSeconds * 1000
    Task {
      let event: SessionEvent
      do throws(CenterServiceError) {
        let claimed = try await center.claim(transaction, with: card)
        counters.transactionsClaimed += 1
        event = .claimed(claimed, codeUntil: codeUntil, attempt)
      } catch {
        event = .claimFailed(centerTrouble(error, "claim \(transaction)"), attempt)
      }
      take(event)
    }
  }

  private func cancel(_ transaction: TransactionID) {
    counters.transactionsCancelled += 1
    guard let center = context?.center else { return }
    let earlier = cancellations
    let task = Task {
      // One after the other: a centre that is away must not collect them.
      for task in earlier { await task.value }
      do throws(CenterServiceError) { _ = try await center.cancel(transaction) } catch {
        _ = centerTrouble(error, "cancel \(transaction)")
      }
    }
    cancellations = [task]
  }

  private func centerTrouble(_ error: CenterServiceError, _ what: String) -> CenterTrouble {
    let trouble = CenterTrouble(error)
    if trouble != .closed { note("could not \(what): \(error)") }
    return trouble
  }
}

extension Offer {
  /// - Parameter seen: a moment before the centre was asked. The clocks of the two are not compared:
  ///   the whole lifetime is an upper limit, and the centre's claim decides.
  init(_ transaction: Transaction, seen: Moment) {
    self.init(
      transaction: transaction.id, card: transaction.card,
      until: seen + max(1, transaction.expiresAt.seconds - transaction.createdAt.seconds) * 1000)
  }
}

extension CenterTrouble {
  init(_ error: CenterServiceError) {
    guard case .refused(let refusal) = error, !error.mayPass else {
      self = .unreachable
      return
    }
    self =
      switch refusal.code {
      case .cardLost: .cardLost
      case .cardLocked: .cardLocked
      case .transactionState, .transactionExpired, .transactionUnknown: .closed
      default: .refused
      }
  }
}

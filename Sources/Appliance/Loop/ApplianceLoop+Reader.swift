import OTPCard
import OneTimePassword
import Reader
import SmartOTP

extension ApplianceLoop {
  /// Works with `reader` from now on.
  public func attach(_ reader: any ReaderConnection) {
    desk?.cancel()
    self.reader = reader
    deskAlive = clock.moment()
    let desk = ReaderDesk(
      reader: reader, loop: self, clock: clock, minimumAway: configuration.times.minimumAway)
    let executor = (reader as? LibNFCReader).flatMap { try? $0.executor() }
    self.desk = Task {
      if let executor {
        await withTaskExecutorPreference(executor) { await desk.run() }
      } else {
        await desk.run()
      }
    }
  }

  /// What the reader's connection notices; in order.
  public func take(_ notice: ReaderNotice) {
    switch notice {
    case .lost(let error): readerIsLost(error)
    case .recovering(let step): log(.info, "the reader: \(step)")
    case .back: readerIsBack()
    }
  }

  func deskIsAlive() { deskAlive = clock.moment() }

  /// The UID to look for first: of the card whose transaction is on display.
  var expectedUID: [UInt8]? { expectedUIDBytes }

  func readerIsLost(_ error: ReaderError) {
    readerCondition.isThere = false
    readerCondition.cardIsThere = false
    if readerCondition.trouble != error.explanation {
      readerCondition.trouble = error.explanation
      counters.readerLosses += 1
      note("the reader: \(error.explanation)", .error)
      hub.publish(.reader, "lost", error.explanation)
    }
    take(.readerLost)
  }

  func readerIsBack() {
    let information = reader?.information
    readerCondition.connstring = information?.connstring ?? readerCondition.connstring
    readerCondition.chip = information?.chip ?? readerCondition.chip
    if !readerCondition.isThere {
      log(.info, "the reader works: \(readerCondition.connstring ?? "")")
      hub.publish(.reader, "back", "the reader works")
    }
    readerCondition.isThere = true
    readerCondition.trouble = nil
    // What lies there may have lain there before: only what comes later is a tap.
    take(.readerBack(cardIsThere: true))
  }

  /// A card lies on the reader.
  ///
  /// - Parameter trouble: why it cannot be used; nil for one that can.
  /// - Returns: what it is to do.
  func cardArrived(_ trouble: CardTrouble?) -> CardJob {
    if !readerCondition.isThere { readerIsBack() }
    readerCondition.cardIsThere = true
    if !session.centerIsThere { checkPlainCodes() }
    job = .none
    take(.cardEntered)
    let made = job
    job = .none
    switch made {
    case .none: return made
    case .identify(let attempt, _):
      counters.taps += 1
      hub.publish(.card, "tapped", transaction: session.phase.transaction, "a card was tapped")
      guard let trouble else { return made }
      take(.identificationFailed(trouble, attempt))
    case .makeCode(let attempt, _, _), .makePlainCode(let attempt, _, _):
      counters.taps += 1
      hub.publish(
        .card, "tapped-again", transaction: session.phase.transaction, "a card was tapped again")
      guard let trouble else { return made }
      take(.codeFailed(trouble, attempt))
    }
    return .none
  }

  /// One that lay there before, or came too early for a tap.
  func cardLies() { readerCondition.cardIsThere = true }

  /// - Parameter since: from when on nothing was there.
  func cardHasLeft(since: Moment) {
    readerCondition.cardIsThere = false
    hub.publish(.card, "left", transaction: session.phase.transaction, "no card lies on the reader")
    take(.cardLeft, at: since)
  }

  func take(_ result: CardJobResult, uid: [UInt8]?) {
    switch result {
    case .identified(let card, let attempt):
      expectedUIDBytes = uid
      take(.identified(card.card, attempt))
    case .codeMade(let code, let attempt):
      keep(code, attempt)
      take(.codeMade(attempt))
    case .plainCodeMade(let code, let attempt):
      keep(code.code, attempt)
      take(.codeMade(attempt, until: clock.moment() + code.millisecondsLeft))
    case .failed(let trouble, let job):
      switch job {
      case .none: break
      case .identify(let attempt, _): take(.identificationFailed(trouble, attempt))
      case .makeCode(let attempt, _, _), .makePlainCode(let attempt, _, _):
        counters.codesFailed += 1
        take(.codeFailed(trouble, attempt))
      }
    }
  }

  private func keep(_ code: OneTimeCode, _ attempt: Attempt) {
    codeNumber += 1
    var digits = code.asciiDigits.map { $0 &- 0x30 }
    made[attempt] = ShownCode(digits, number: codeNumber)
    for index in digits.indices { digits[index] = 0 }
  }
}

extension OATHCode {
  /// Until nobody takes it any more: its own time and one more step, which whoever checks it allows
  /// for the way to them (RFC 6238, 5.2).
  fileprivate var millisecondsLeft: Int64 {
    guard let validUntil = Int64(exactly: validUntil ?? 0) else { return 0 }
    let left = validUntil - ApplianceClock.unixTime().seconds + Int64(credential.period)
    return max(0, min(left, 3600)) * 1000
  }
}

import SmartOTP

@testable import Appliance

/// Events for a random walk: mostly what would come next, now and then anything.
struct RandomEvents {
  private var state: UInt64
  private var transactions = 0

  init(seed: UInt64) { state = seed }

  private mutating func draw(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % bound
  }

  mutating func pause() -> Int64 {
    switch draw(10) {
    case 0: Int64(draw(70_000))
    case 1...3: Int64(draw(2_000))
    default: Int64(draw(400))
    }
  }

  mutating func next(after observer: SessionObserver, now: Moment) -> SessionEvent {
    if draw(4) > 0, let answer = answer(to: observer.lastAttempts.first, now: now) { return answer }
    if draw(3) > 0 {
      return [.cardEntered, .cardLeft, .cardEntered, .cardLeft, .pushed(offer(now))][draw(5)]
    }
    let stale = Attempt(number: UInt64(draw(4)))
    let all = Self.all(stale, now: now) + [.restrictions([]), .readerBack(cardIsThere: false)]
    return all[draw(all.count)]
  }

  private mutating func offer(_ now: Moment) -> Offer {
    if draw(3) > 0 { transactions += 1 }
    return SessionScene.offer(
      "T-\(transactions)", card: draw(4) == 0 ? SessionScene.otherCard : SessionScene.card,
      until: now.milliseconds + Int64(draw(400_000)))
  }

  private mutating func answer(to effect: SessionEffect?, now: Moment) -> SessionEvent? {
    switch effect {
    case .identify(let attempt):
      draw(8) == 0
        ? .identificationFailed(CardTrouble.allCases[draw(CardTrouble.allCases.count)], attempt)
        : .identified(draw(5) == 0 ? SessionScene.otherCard : SessionScene.card, attempt)
    case .lookUp(let card, let attempt):
      draw(8) == 0
        ? .lookUpFailed(.unreachable, attempt)
        : .lookedUp(
          [SessionScene.offer("T-\(draw(1000))", card: card, until: now.milliseconds + 100_000)],
          attempt)
    case .claim(let id, let card, let attempt):
      draw(8) == 0
        ? .claimFailed(.closed, attempt)
        : .claimed(
          SessionScene.transaction(id.text, card: card),
          codeUntil: now + Int64(draw(200_000)), attempt)
    case .makeCode(_, let attempt):
      draw(4) == 0 ? failure(of: attempt) : .codeMade(attempt)
    case .makePlainCode(_, let attempt):
      draw(4) == 0
        ? failure(of: attempt) : .codeMade(attempt, until: now + Int64(draw(80_000) - 2_000))
    default: nil
    }
  }

  private mutating func failure(of attempt: Attempt) -> SessionEvent {
    .codeFailed(CardTrouble.allCases[draw(CardTrouble.allCases.count)], attempt)
  }

  /// One of each event.
  static func all(_ attempt: Attempt, now: Moment) -> [SessionEvent] {
    [
      .pushed(SessionScene.offer("T-N", until: now.milliseconds + 60_000)),
      .pushed(SessionScene.offer(until: now.milliseconds - 1)),
      .closed(TransactionID(accepted: "T-1")), .cardWithdrawn(SessionScene.card), .centerLost,
      .centerBack, .cardEntered, .cardLeft, .readerLost, .readerBack(cardIsThere: true),
      .readerBack(cardIsThere: false), .identified(SessionScene.card, attempt),
      .identified(SessionScene.otherCard, attempt), .identificationFailed(.gone, attempt),
      .lookedUp([], attempt),
      .lookedUp([SessionScene.offer("T-L", until: now.milliseconds + 60_000)], attempt),
      .lookUpFailed(.unreachable, attempt),
      .claimed(SessionScene.transaction(), codeUntil: now + 180_000, attempt),
      .claimed(SessionScene.transaction(), codeUntil: now, attempt),
      .claimFailed(.closed, attempt), .codeMade(attempt), .codeFailed(.otherCard, attempt),
      .codeMade(attempt, until: now + 45_000), .codeMade(attempt, until: now),
      .codeFailed(.noPlainCode, attempt), .plainCodes(arePossible: true),
      .plainCodes(arePossible: false),
      .cancelled, .restrictions([.installationAltered]), .restrictions([]), .tick,
    ]
  }
}

import SmartOTP

@testable import Appliance

/// Watches a session from outside: it knows only events and effects, and what must hold of them.
struct SessionObserver {
  var session: Session
  private(set) var now = Moment(milliseconds: 0)
  private(set) var violations: [String] = []
  private(set) var codesShown = 0
  private(set) var lastAttempts: [SessionEffect] = []
  private(set) var restricted = false

  private var shown: (attempt: Attempt, until: Moment)?
  private var taps = 0
  private var tapsAtIdentification = 0
  private var cardIsThere = false
  private var leftAt: Moment?
  private var claimedTransactions: Set<TransactionID> = []
  private var making: [Attempt: TransactionID] = [:]

  init(_ session: Session) {
    self.session = session
    if case .restricted = session.phase { restricted = true }
    // What went before is not judged: only that it was a claim.
    if let transaction = session.phase.transaction { claimedTransactions.insert(transaction) }
    if case .generating(let presentation, let attempt, _) = session.phase {
      making[attempt] = presentation.transaction.id
    }
    if case .showing(_, let attempt, let until) = session.phase { shown = (attempt, until) }
    if case .presenting = session.phase { tapsAtIdentification = -1 }
    if case .readerLost = session.phase { tapsAtIdentification = -1 }
  }

  mutating func step(_ event: SessionEvent, at moment: Moment) {
    now = moment
    observe(event)
    for effect in session.step(event, at: moment) { observe(effect) }
    check()
  }

  /// Lets time run from deadline to deadline.
  mutating func runDown() {
    var steps = 0
    while let deadline = session.deadline {
      steps += 1
      if steps > 200 {
        violations.append("never at rest")
        return
      }
      step(.tick, at: max(now, deadline))
    }
    if !session.phase.isResting { violations.append("no deadline in \(session.phase)") }
  }

  private mutating func observe(_ event: SessionEvent) {
    switch event {
    case .cardEntered:
      if !cardIsThere, leftAt.map({ now >= $0 + 300 }) ?? true { taps += 1 }
      cardIsThere = true
    case .cardLeft:
      if cardIsThere { leftAt = now }
      cardIsThere = false
    case .readerBack(let isThere):
      cardIsThere = isThere
      leftAt = nil
    case .claimed(let transaction, _, _): claimedTransactions.insert(transaction.id)
    case .restrictions(let reasons): restricted = !reasons.isEmpty
    default: break
    }
  }

  private mutating func observe(_ effect: SessionEffect) {
    if effect.attempt != nil { lastAttempts = [effect] }
    switch effect {
    case .identify: tapsAtIdentification = taps
    case .makeCode(let transaction, let attempt):
      if restricted { violations.append("code made while restricted") }
      if !claimedTransactions.contains(transaction.id) { violations.append("code without claim") }
      if taps <= tapsAtIdentification { violations.append("code without a second tap") }
      making = [attempt: transaction.id]
    case .showCode(let attempt, let until):
      codesShown += 1
      if restricted { violations.append("code shown while restricted") }
      if making[attempt] == nil { violations.append("code shown that was not asked for") }
      if until > now + 60_000 { violations.append("code shown for more than a minute") }
      shown = (attempt, until)
    case .wipeCode: shown = nil
    case .discardCode(let attempt):
      if shown?.attempt == attempt { violations.append("shown code discarded") }
    default: break
    }
  }

  private mutating func check() {
    if let shown, now >= shown.until { violations.append("code shown past its time") }
    if case .showing = session.phase {
      if shown == nil { violations.append("showing without a code") }
    } else if shown != nil {
      violations.append("code left on display in \(session.phase)")
    }
    if session.waiting.count > Session.maximumWaiting { violations.append("too many waiting") }
    if session.ended.count > 2 * Session.maximumWaiting { violations.append("too many ended") }
    if session.deadline == nil, !session.phase.isResting {
      violations.append("no deadline in \(session.phase)")
    }
  }
}

extension SessionPhase {
  var isResting: Bool {
    switch self {
    case .idle, .restricted, .readerLost(nil): true
    default: false
    }
  }
}

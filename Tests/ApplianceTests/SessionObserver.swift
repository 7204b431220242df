import SmartOTP

@testable import Appliance

/// Watches a session from outside: it knows only events and effects, and what must hold of them.
struct SessionObserver {
  var session: Session
  private(set) var now = Moment(milliseconds: 0)
  private(set) var violations: [String] = []
  private(set) var codesShown = 0
  private(set) var plainCodesAsked = 0
  private(set) var lastAttempts: [SessionEffect] = []
  private(set) var restricted = false

  private var shown: (attempt: Attempt, until: Moment)?
  private var taps = 0
  private var tapsAtIdentification = 0
  private var cardIsThere = false
  private var leftAt: Moment?
  private var claimedTransactions: Set<TransactionID> = []
  private var making: [Attempt: Purpose] = [:]
  /// What the last look-up came to.
  private var lookUpFoundNoCenter = false
  private var centerIsAway = false
  private var lookUp: (attempt: Attempt, until: Moment)?

  private enum Purpose: Equatable {
    case transaction(TransactionID)
    case plain(until: Moment?)
  }

  init(_ session: Session) {
    self.session = session
    if case .restricted = session.phase { restricted = true }
    // What went before is not judged: only that it was a claim.
    if let transaction = session.phase.transaction { claimedTransactions.insert(transaction) }
    if case .generating(let presentation, let attempt, _) = session.phase {
      making[attempt] =
        presentation.purpose.transaction.map { .transaction($0.id) } ?? .plain(until: nil)
    }
    if case .plain = session.phase.purpose { missCenter() }
    if case .identifying(let identification) = session.phase,
      case .lookingUp = identification.stage
    {
      lookUp = (identification.attempt, identification.until)
    }
    if case .showing(_, let attempt, let until) = session.phase { shown = (attempt, until) }
    if case .presenting = session.phase { tapsAtIdentification = -1 }
    if case .readerLost = session.phase { tapsAtIdentification = -1 }
  }

  mutating func step(_ event: SessionEvent, at moment: Moment) {
    now = moment
    if let lookUp, moment >= lookUp.until { missCenter() }
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

  private mutating func missCenter() {
    lookUpFoundNoCenter = true
    centerIsAway = true
    lookUp = nil
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
    case .lookUpFailed(let trouble, let attempt) where attempt == lookUp?.attempt:
      if trouble == .unreachable { missCenter() }
      lookUp = nil
    case .lookedUp(_, let attempt) where attempt == lookUp?.attempt: lookUp = nil
    case .centerLost: centerIsAway = true
    case .centerBack: centerIsAway = false
    case .codeMade(let attempt, .some(let until)):
      if case .plain = making[attempt] { making[attempt] = .plain(until: until) }
    default: break
    }
  }

  private mutating func observe(_ effect: SessionEffect) {
    if effect.attempt != nil { lastAttempts = [effect] }
    switch effect {
    case .identify: tapsAtIdentification = taps
    case .lookUp(_, let attempt):
      lookUp = (attempt, now + 10_000)
      lookUpFoundNoCenter = false
    case .makeCode(let transaction, let attempt):
      if restricted { violations.append("code made while restricted") }
      if !claimedTransactions.contains(transaction.id) { violations.append("code without claim") }
      if taps <= tapsAtIdentification { violations.append("code without a second tap") }
      making = [attempt: .transaction(transaction.id)]
    case .makePlainCode(_, let attempt):
      plainCodesAsked += 1
      if restricted { violations.append("plain code made while restricted") }
      if !centerIsAway { violations.append("plain code while the centre is there") }
      if taps <= tapsAtIdentification { violations.append("plain code without a second tap") }
      making = [attempt: .plain(until: nil)]
    case .showCode(let attempt, let until):
      codesShown += 1
      if restricted { violations.append("code shown while restricted") }
      if making[attempt] == nil { violations.append("code shown that was not asked for") }
      if until > now + 60_000 { violations.append("code shown for more than a minute") }
      if case .plain(.some(let end)) = making[attempt], until > end {
        violations.append("plain code shown past its time")
      }
      shown = (attempt, until)
    case .display(.plainCode):
      if !lookUpFoundNoCenter { violations.append("plain code offered beside a centre") }
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
  var purpose: CodePurpose? {
    switch self {
    case .presenting(let presentation), .generating(let presentation, _, _),
      .showing(let presentation, _, _):
      presentation.purpose
    case .readerLost(let presentation): presentation?.purpose
    default: nil
    }
  }

  var isResting: Bool {
    switch self {
    case .idle, .restricted, .readerLost(nil): true
    default: false
    }
  }
}

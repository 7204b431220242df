import SmartOTP

/// The appliance's loop as a value: a transaction arrives, tap, read it, tap again, a code for one
/// minute, gone (S8 to S10).
///
/// `step` is total: every event is taken in every phase. It has no clock and does nothing by
/// itself; what is to be done comes back as effects, in order. Every phase but the resting ones has
/// a deadline, at which a `tick` (or any other event) moves it on.
public struct Session: Hashable, Sendable {
  /// So many pushed transactions wait their turn; the oldest beyond that are found again by a
  /// look-up at the first tap.
  public static let maximumWaiting = 16

  public internal(set) var phase = SessionPhase.idle
  /// Pushed, not yet begun; oldest first.
  public internal(set) var waiting: [Offer] = []
  public internal(set) var centerIsThere = true
  var plainCodesArePossible = false
  let times: SessionTimes
  var readerIsThere = true
  var restrictions: [Restriction] = []
  var presence = CardPresence.away
  /// Transactions that ended here lately: a repeated push of one is dropped.
  var ended: [TransactionID] = []
  var attempts: UInt64 = 0

  public init(times: SessionTimes = SessionTimes()) { self.times = times }

  /// When the session next wants a `tick`.
  public var deadline: Moment? { phase.deadline }

  /// Moves on by one event at `now`.
  public mutating func step(_ event: SessionEvent, at now: Moment) -> [SessionEffect] {
    var effects: [SessionEffect] = []
    expire(at: now, &effects)
    take(event, at: now, &effects)
    return effects
  }

  private mutating func take(
    _ event: SessionEvent, at now: Moment, _ effects: inout [SessionEffect]
  ) {
    switch event {
    case .tick: break
    case .cancelled: cancel(at: now, &effects)
    case .restrictions(let reasons): restrict(reasons, at: now, &effects)
    case .pushed, .closed, .cardWithdrawn, .centerLost, .centerBack, .plainCodes:
      takeFromCenter(event, at: now, &effects)
    case .cardEntered, .cardLeft, .readerLost, .readerBack:
      takeFromReader(event, at: now, &effects)
    default:
      takeResult(event, at: now, &effects)
    }
  }

  mutating func nextAttempt() -> Attempt {
    attempts &+= 1
    return Attempt(number: attempts)
  }

  /// Ends what is at hand and turns to what is next: a transaction that waits, or rest.
  mutating func finish(
    at now: Moment, saying notice: Notice? = nil, _ effects: inout [SessionEffect]
  ) {
    leaveCode(&effects)
    if let transaction = phase.transaction { remember(transaction) }
    if let notice { effects.append(.notice(notice)) }
    rest(at: now, &effects)
  }

  /// Takes up what is next, without ending anything.
  mutating func rest(at now: Moment, _ effects: inout [SessionEffect]) {
    waiting.removeAll { $0.until <= now }
    if !restrictions.isEmpty {
      phase = .restricted(restrictions)
      effects.append(.display(.restricted(restrictions)))
    } else if !readerIsThere {
      phase = .readerLost(nil)
      effects.append(.display(.readerLost))
    } else if !waiting.isEmpty {
      awaitCard(waiting.removeFirst(), at: now, &effects)
    } else {
      phase = .idle
      effects.append(.display(idleScreen))
    }
  }

  var idleScreen: Screen {
    !centerIsThere && plainCodesArePossible
      ? .idleForPlainCodes : .idle(centerIsThere: centerIsThere)
  }

  mutating func awaitCard(_ offer: Offer, at now: Moment, _ effects: inout [SessionEffect]) {
    phase = .awaitingCard(offer, until: min(now + times.awaitCard, offer.until))
    effects.append(.display(.tapCard(offer)))
  }

  mutating func present(
    _ presentation: Presentation, saying notice: Notice? = nil, _ effects: inout [SessionEffect]
  ) {
    phase = .presenting(presentation)
    effects.append(.display(presentation.screen))
    if let notice { effects.append(.notice(notice)) }
  }

  /// After a code that did not come: the customer may tap again, unless a plain code was asked for and
  /// the centre is back.
  mutating func presentAgain(
    _ presentation: Presentation, at now: Moment, saying notice: Notice,
    _ effects: inout [SessionEffect]
  ) {
    if presentation.isOutdated(centerIsThere: centerIsThere) {
      finish(at: now, saying: notice, &effects)
    } else {
      effects.append(.wipeCode)
      present(presentation, saying: notice, &effects)
    }
  }

  /// No code outlives the phase that shows or makes it.
  mutating func leaveCode(_ effects: inout [SessionEffect]) {
    switch phase {
    case .generating, .showing: effects.append(.wipeCode)
    default: break
    }
  }

  /// An offer that was begun waits at the head of the queue.
  mutating func putBack(_ offer: Offer) {
    if waiting.count >= Self.maximumWaiting { waiting.removeLast() }
    waiting.insert(offer, at: 0)
  }

  func isKnown(_ transaction: TransactionID) -> Bool {
    phase.transaction == transaction || ended.contains(transaction)
      || waiting.contains { $0.transaction == transaction }
  }

  private mutating func remember(_ transaction: TransactionID) {
    if ended.count >= 2 * Self.maximumWaiting { ended.removeFirst() }
    ended.append(transaction)
  }
}

extension Presentation {
  /// With the centre back there is a better code to have than a plain one.
  func isOutdated(centerIsThere: Bool) -> Bool {
    if case .plain = purpose { centerIsThere } else { false }
  }

  fileprivate var screen: Screen {
    switch purpose {
    case .transaction(let transaction): .transaction(transaction, until: until)
    case .plain: .plainCode(until: until)
    }
  }
}

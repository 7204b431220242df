import PN53x
import ReaderWire

// Looking for cards, and noticing that they leave.

extension DriverLoop {
  /// So many line faults in a row are no accident: the reader must be opened again.
  private static let toleratedFaults = 2
  /// What a field reset and a listing take, in microseconds.
  private static let lookTime = 40_000
  /// A USB reader is asked nothing with less time than this, in microseconds: a poll that is cut
  /// short leaves an answer behind, which the reader gives to the next command.
  private static let timeForPoll = 60_000
  /// Until a card is missed. Short enough for a person, long enough to cost next to nothing.
  private static let presenceInterval = 120

  /// Polls until cards are found. Single line faults on the way are only repeated polls.
  func awaitCards(
    expecting uid: [UInt8], within budget: TimeBudget
  ) throws(Interruption) -> [DetectedCard] {
    try checked { () throws(DriverFault) in
      try opened().search.restart(expecting: uid.isEmpty ? nil : uid)
    }
    return try poll(within: budget).map(DetectedCard.init)
  }

  /// - Parameter id: of the watch that is told when the field is clear; nil where nobody is.
  private func poll(
    for id: UInt32? = nil, within budget: TimeBudget
  ) throws(Interruption) -> [PassiveTarget] {
    var faults = 0
    var fault: DriverFault?
    var emptyLists = 0
    var clearing = FieldClearing()
    while !budget.isSpent {
      let rest = restWithoutPoll(budget)
      if rest != nil || emptyLists > 0, try isCancelled(within: rest ?? pace.pause) {
        throw .fault(DriverFault(.cancelled))
      }
      if rest != nil { continue }
      do throws(DriverFault) {
        let device = try opened()
        if emptyLists >= 2, device.mayHoldActiveCard {
          try device.resetField(within: budget.capped(milliseconds: 400))
        }
        let isEvidence = !device.mayHoldActiveCard
        let query = device.search.query
        let targets = try device.targets(
          of: query.command, kind: query.kind, within: budget.capped(milliseconds: 700))
        faults = 0
        fault = nil
        emptyLists += 1
        if case .found(let cards) = device.search.report(targets) {
          pace = PollPace()
          return cards
        }
        pace.nothingFound()
        if isEvidence, targets.isEmpty { clearing.nothingFound() } else { clearing.restart() }
      } catch {
        clearing.restart()
        guard error.kind == .line, faults < Self.toleratedFaults, !budget.isSpent else {
          throw .fault(error)
        }
        faults += 1
        fault = error
      }
      if let id, clearing.isDue { try report(.fieldClear(id: id)) }
    }
    throw .fault(fault ?? DriverFault(.noCard))
  }

  /// What is left of the time, in milliseconds, when it is too little to ask the reader anything.
  private func restWithoutPoll(_ budget: TimeBudget) -> Int? {
    let left = budget.remainingMicroseconds
    return usesUSB && left < Self.timeForPoll ? left / 1000 : nil
  }

  /// Reports every card that enters or leaves.
  func watch(
    _ id: UInt32, within budget: TimeBudget
  ) throws(Interruption) -> DriverMessage.Outcome {
    while !budget.isSpent {
      let cards: [PassiveTarget]
      do throws(Interruption) {
        cards = try poll(for: id, within: budget)
      } catch {
        guard case .fault(let fault) = error else { throw error }
        if fault.kind == .noCard { break }
        guard fault.kind == .malformed else { throw error }
        let card = DetectedCard(
          kind: DetectedCard.malformed, activation: Array(fault.detail.utf8))
        try report(.cardsEntered(id: id, [card]))
        try waitUntilDecodable(within: budget)
        try report(.cardsLeft(id: id))
        continue
      }
      try report(.cardsEntered(id: id, cards.map(DetectedCard.init)))
      try waitUntilGone(cards, within: budget)
      if budget.isSpent { break }
      try report(.cardsLeft(id: id))
      try checked { () throws(DriverFault) in try opened().search.restart() }
    }
    return .done
  }

  private func waitUntilGone(
    _ cards: [PassiveTarget], within budget: TimeBudget
  ) throws(Interruption) {
    var faults = 0
    while !budget.isSpent {
      let pause = min(Self.presenceInterval, budget.remainingMicroseconds / 1000)
      if try isCancelled(within: pause) { throw .fault(DriverFault(.cancelled)) }
      guard restWithoutPoll(budget) == nil else { continue }
      do throws(DriverFault) {
        guard try isPresent(cards, within: budget) else { return }
        faults = 0
      } catch {
        // A card that lies about itself has come: not these cards any more.
        if error.kind == .malformed { return }
        guard error.kind == .line, faults < Self.toleratedFaults else { throw .fault(error) }
        faults += 1
      }
    }
  }

  /// A card that lies about itself can only be waited out.
  private func waitUntilDecodable(within budget: TimeBudget) throws(Interruption) {
    while !budget.isSpent {
      if try isCancelled(within: Self.presenceInterval) { throw .fault(DriverFault(.cancelled)) }
      do throws(DriverFault) {
        let device = try opened()
        for kind in TargetKind.allCases {
          _ = try device.list(kind, within: budget.capped(milliseconds: 700))
        }
        return
      } catch {
        guard error.kind == .malformed else { throw .fault(error) }
      }
    }
  }

  private func isPresent(
    _ cards: [PassiveTarget], within budget: TimeBudget
  ) throws(DriverFault) -> Bool {
    let device = try opened()
    if let card = cards.first, cards.count == 1, card.isISODEP, device.selected == card {
      return try device.isSelectedPresent(within: budget)
    }
    // Others answer to being listed again; of several that were put to sleep for that perhaps one
    // only, until the field was off.
    let before = Set(cards.map(\.identifier))
    for attempt in 0..<2 {
      if attempt > 0 { try device.resetField(within: budget.capped(milliseconds: 400)) }
      var found: Set<[UInt8]> = []
      for kind in TargetKind.allCases where cards.contains(where: { $0.kind == kind }) {
        let targets = try device.list(kind, within: budget.capped(milliseconds: 700))
        found.formUnion(targets.map(\.identifier))
      }
      if found == before { return true }
    }
    return false
  }

  /// The ladder back to a card after an interruption: field reset and select, again, then with the
  /// reader opened anew, until the budget is spent.
  func reactivate(
    kind: UInt8, uid: [UInt8], within budget: TimeBudget
  ) throws(Interruption) -> DetectedCard {
    guard let kind = TargetKind(rawValue: kind) else {
      throw .fault(DriverFault(.state, detail: "unknown kind of card"))
    }
    var faults = 0
    var fault: DriverFault?
    while !budget.isSpent {
      if try isCancelled() { throw .fault(DriverFault(.cancelled)) }
      do throws(DriverFault) {
        if faults > Self.toleratedFaults {
          try reopen(within: budget)
          faults = 1
        }
        if let card = try opened().reactivate(
          kind: kind, uid: uid, within: budget.capped(milliseconds: 700))
        {
          return DetectedCard(card)
        }
        fault = nil
        // Another look would not end in time.
        if budget.remainingMicroseconds < Self.lookTime { break }
      } catch {
        guard [.line, .silent, .malformed, .deadline, .unidentifiedChip].contains(error.kind),
          !budget.isSpent
        else { throw .fault(error) }
        faults += 1
        fault = error
      }
    }
    throw .fault(fault ?? DriverFault(.noCard))
  }
}

extension DetectedCard {
  init(_ target: PassiveTarget) {
    self.init(kind: target.kind.rawValue, activation: target.encoded)
  }
}

/// Tells when a field may be called clear: looks without a find, one after the other without any
/// fault, for as long as nobody lifts and lays a card again.
struct FieldClearing {
  /// Nanoseconds.
  private static let time: UInt64 = 300_000_000
  /// Both kinds of cards, twice.
  private static let looks = 4

  private var since: UInt64?
  private var looks = 0
  private var wasTold = false

  mutating func nothingFound(at now: UInt64 = TimeBudget.now()) {
    since = since ?? now
    looks += 1
  }

  mutating func restart() {
    since = nil
    looks = 0
  }

  /// True once.
  var isDue: Bool {
    mutating get {
      guard !wasTold, looks >= Self.looks, let since, TimeBudget.now() >= since + Self.time
      else { return false }
      wasTold = true
      return true
    }
  }
}

/// How long to rest between two polls: not at all while somebody is likely to tap, a little once
/// nobody has for a while. The field's duty and the host's work drop, a tap waits 40 ms at most.
struct PollPace {
  private var empty = 0

  mutating func nothingFound() { empty = min(empty + 1, 1000) }

  /// Milliseconds.
  var pause: Int { empty < 100 ? 0 : 40 }
}

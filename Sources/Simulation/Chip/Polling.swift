/// A search for cards that goes on until it finds one, runs out of tries, or is given up.
struct Polling {
  /// What a try asks for.
  enum Kind: Equatable {
    case typeA(uid: [UInt8]?, selectsProtocol: Bool, demandsProtocol: Bool)
    case typeB(family: UInt8)
    /// A technology no card in this field has.
    case other
  }

  struct Try {
    var kind: Kind
    /// The type byte InAutoPoll reports; nil in InListPassiveTarget's answers.
    var type: UInt8?
  }

  var code: UInt8
  var tries: [Try]
  var maximumTargets: Int
  var start: Duration
  /// From one try to the next.
  var interval: Duration
  /// Tries altogether; nil is no end.
  var count: Int?
  /// The next try that has not been made.
  var next = 0

  func moment(of index: Int) -> Duration { start + interval * index }
  func attempt(_ index: Int) -> Try { tries[index % tries.count] }

  /// The try that is due, or the next one.
  func index(at now: Duration) -> Int {
    max(Int(max(now - start, .zero) / interval), next)
  }

  /// What a card changes that comes now: tries whose time is over have been in vain.
  mutating func fieldChanged(at now: Duration) {
    next = max(Int((max(now - start, .zero) / interval).rounded(.up)), next)
  }

  var end: Duration? { count.map(moment(of:)) }
}

extension SimulatedChip {
  mutating func listPassiveTarget(_ parameters: [UInt8], at now: Duration) -> ChipOperation {
    guard parameters.count >= 2, (1...2).contains(parameters[0]) else {
      return finishing(.syntaxError, at: now)
    }
    let data = Array(parameters.dropFirst(2))
    let kind: Polling.Kind
    switch parameters[1] {
    case 0x00:
      guard let uid = Self.uid(data) else { return finishing(.syntaxError, at: now) }
      kind = .typeA(uid: uid, selectsProtocol: selectsProtocol, demandsProtocol: false)
    case 0x03: kind = .typeB(family: data.first ?? 0)
    case 0x01, 0x02, 0x04: kind = .other
    default: return finishing(.syntaxError, at: now)
    }
    forgetTargets()
    let retries = radio.settings.activationRetries
    return .polling(
      Polling(
        code: 0x4A, tries: [Polling.Try(kind: kind)], maximumTargets: Int(parameters[0]),
        start: now, interval: timing.failedTry, count: retries == 0xFF ? nil : Int(retries) + 1))
  }

  mutating func autoPoll(_ parameters: [UInt8], at now: Duration) -> ChipOperation {
    guard parameters.count >= 3, parameters[0] > 0, (1...15).contains(parameters[1]) else {
      return finishing(.syntaxError, at: now)
    }
    forgetTargets()
    let tries = parameters.dropFirst(2).prefix(15).map { type in
      Polling.Try(kind: kind(ofType: type), type: type)
    }
    return .polling(
      Polling(
        code: 0x60, tries: Array(tries), maximumTargets: 2, start: now,
        interval: .milliseconds(150) * Int(parameters[1]),
        count: parameters[0] == 0xFF ? nil : Int(parameters[0]) * tries.count))
  }

  private func kind(ofType type: UInt8) -> Polling.Kind {
    switch type {
    case 0x00: .typeA(uid: nil, selectsProtocol: selectsProtocol, demandsProtocol: false)
    case 0x10: .typeA(uid: nil, selectsProtocol: false, demandsProtocol: false)
    case 0x20: .typeA(uid: nil, selectsProtocol: selectsProtocol, demandsProtocol: true)
    case 0x03, 0x23: .typeB(family: 0)
    default: .other
    }
  }

  private var selectsProtocol: Bool { parameters & 0x10 != 0 }

  /// A UID as the host gives it, cascade tags included; `.some(nil)` is none.
  private static func uid(_ data: [UInt8]) -> [UInt8]?? {
    switch data.count {
    case 0: .some(nil)
    case 4, 7, 10: data
    case 8: Array(data[1...])
    case 12: Array(data[1..<4] + data[5...])
    default: nil
    }
  }

  /// A new search gives up what was activated before; an active card is sent to sleep first.
  private mutating func forgetTargets() {
    for number in targets.keys.sorted() { sleep(number) }
    targets = [:]
  }

  mutating func poll(_ polling: Polling, at now: Duration) -> ChipProgress {
    var polling = polling
    while true {
      let index = polling.index(at: now)
      if let count = polling.count, index >= count { return giveUp(polling, at: now) }
      guard polling.moment(of: index) <= now else {
        operation = .polling(polling)
        return .waiting(until: nextMoment(polling, from: index))
      }
      polling.next = index + 1
      radio.restartClock()
      let found = attempt(polling, index)
      if !found.isEmpty { return succeed(polling, found, index, at: now) }
    }
  }

  /// No try can succeed before the field changes, unless it holds a card of that technology.
  private func nextMoment(_ polling: Polling, from index: Int) -> Duration? {
    let upcoming = (index..<index + polling.tries.count).first { couldSucceed(polling.attempt($0)) }
    guard let upcoming, upcoming < polling.count ?? .max else { return polling.end }
    return polling.moment(of: upcoming)
  }

  private func couldSucceed(_ attempt: Polling.Try) -> Bool {
    switch attempt.kind {
    case .typeA: radio.field.holds(.a)
    case .typeB: radio.field.holds(.b)
    case .other: false
    }
  }

  private mutating func giveUp(_ polling: Polling, at now: Duration) -> ChipProgress {
    guard let end = polling.end, end > now else {
      operation = nil
      // What nfcpy looks for: the request that nobody answered is still in the FIFO.
      registers[ChipRegisters.fifoData] = ProximityCard.requestA
      return .done(.data([polling.code + 1, 0x00]))
    }
    operation = .polling(polling)
    return .waiting(until: end)
  }

  private mutating func succeed(
    _ polling: Polling, _ found: [RadioFrontEnd.Found], _ index: Int, at now: Duration
  ) -> ChipProgress {
    var data: [UInt8] = [polling.code + 1, UInt8(found.count)]
    for (offset, card) in found.enumerated() {
      let number = UInt8(offset + 1)
      targets[number] = card.target
      let body = [number] + card.data
      if let type = polling.attempt(index).type {
        data += [type, UInt8(truncatingIfNeeded: body.count)]
      }
      data += body
    }
    if let technology = found.last?.target.technology { registers.configure(for: technology) }
    lastError = .ok
    operation = .finishing(
      Finishing(
        answer: .data(data), due: now + radio.elapsed,
        ifLost: (.data([polling.code + 1, 0x00]), timing.failedTry)))
    return resume(at: now)
  }

  /// Looks once. The first try of a list asks idle cards only, a retry wakes halted ones as well:
  /// so a deselected card gives way to its neighbour, and is found again if it is alone.
  private mutating func attempt(_ polling: Polling, _ index: Int) -> [RadioFrontEnd.Found] {
    let wakingUp = index > 0 || polling.attempt(index).type != nil
    guard let first = activate(polling.attempt(index).kind, wakingUp: wakingUp) else { return [] }
    guard polling.maximumTargets > 1 else { return [first] }
    var parked = first
    radio.putToSleep(&parked.target)
    if let second = activate(polling.attempt(index).kind, wakingUp: false) {
      return [parked, second]
    }
    radio.spend(timing.failedTry)
    return radio.wake(&parked.target) ? [parked] : []
  }

  private mutating func activate(
    _ kind: Polling.Kind, wakingUp: Bool
  ) -> RadioFrontEnd.Found? {
    switch kind {
    case .typeA(let uid, let selectsProtocol, let demandsProtocol):
      guard
        let found = radio.activateA(
          uid: uid, wakingUp: wakingUp || uid != nil, selectsProtocol: selectsProtocol)
      else { return nil }
      guard demandsProtocol, !found.isDep else { return found }
      var other = found
      radio.putToSleep(&other.target)
      return nil
    case .typeB(let family):
      return radio.activateB(family: family, pupi: nil, wakingUp: wakingUp)
    case .other:
      return nil
    }
  }
}

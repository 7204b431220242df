/// Finding and activating cards, as the chip's firmware does it.
extension RadioFrontEnd {
  /// A card that answered: what the host is told, and what the chip remembers.
  struct Found {
    var target: ActivatedTarget
    /// Target data without the target number.
    var data: [UInt8]
    var isDep: Bool { target.initiator != nil }
  }

  /// Every activation frame has to be answered within a millisecond or so; silence costs no more.
  private static let activationTimeout = Duration.milliseconds(1)

  // MARK: Type A

  /// One try: request, then select down the cascade, by known UID or by anticollision.
  mutating func activateA(uid: [UInt8]?, wakingUp: Bool, selectsProtocol: Bool) -> Found? {
    switchOn()
    guard let atqa = requestA(wakingUp: wakingUp) else { return nil }
    guard let (sak, uid) = uid.map({ select($0) }) ?? anticollide() else { return nil }
    var found = Found(
      target: ActivatedTarget(technology: .a, identifier: uid),
      data: atqa + [sak, UInt8(truncatingIfNeeded: uid.count)] + uid)
    if selectsProtocol, sak & 0x20 != 0 {
      guard let ats = requestAnswerToSelect() else { return nil }
      found.data += ats
      let parameters = DepParameters(ats: ats)
      found.target.initiator = BlockInitiator(parameters: parameters, cardIdentifier: nil)
      spend(field.timing.pacesComputing ? parameters.startupGuardTime : .zero)
    }
    if case .typeA(let activation) = field.card(uid: uid)?.activation,
      let data = activation.reportedData
    {
      found.data = data
    }
    return found
  }

  /// Several cards' answers to a request overlay each other. Most significant byte first.
  private mutating func requestA(wakingUp: Bool) -> [UInt8]? {
    let command = wakingUp ? ProximityCard.wakeUpA : ProximityCard.requestA
    spend(field.timing.activationStep)
    let answers = transmit(
      AirFrame(technology: .a, bytes: [command], lastBits: 7), timeout: Self.activationTimeout)
    guard !answers.isEmpty else { return nil }
    return answers.reduce(into: [0, 0]) { overlay, answer in
      for (index, byte) in answer.bytes.reversed().prefix(2).enumerated() { overlay[index] |= byte }
    }
  }

  private mutating func select(_ uid: [UInt8]) -> (sak: UInt8, uid: [UInt8])? {
    var sak: UInt8 = 0
    for level in 0..<ProximityCard.levels(of: uid) {
      guard let answer = selectLevel(level, ProximityCard.cascadeLevel(level, of: uid)) else {
        return nil
      }
      sak = answer
    }
    return (sak, uid)
  }

  private mutating func anticollide() -> (sak: UInt8, uid: [UInt8])? {
    var uid: [UInt8] = []
    for level in 0..<3 {
      guard let part = resolve(level), let sak = selectLevel(level, part) else { return nil }
      let isIncomplete = sak & 0x04 != 0
      uid += isIncomplete ? part[1..<4] : part[0..<4]
      if !isIncomplete { return (sak, uid) }
    }
    return nil
  }

  /// Bitwise anticollision: at every collision the chip goes on with the cards that sent a one.
  private mutating func resolve(_ level: Int) -> [UInt8]? {
    spend(field.timing.activationStep)
    let request = AirFrame(technology: .a, bytes: [0x93 + 2 * UInt8(level), 0x20])
    var candidates = transmit(request, timeout: Self.activationTimeout).map(\.bytes)
    candidates.removeAll { $0.count != 5 }
    for bit in 0..<32 {
      let ones = candidates.filter { $0[bit / 8] >> UInt8(bit % 8) & 1 == 1 }
      guard !ones.isEmpty, ones.count < candidates.count else { continue }
      candidates = ones
      spend(field.timing.activationStep + field.timing.airTime(request))
    }
    guard let part = candidates.first, part.reduce(0, ^) == 0 else { return nil }
    return part
  }

  private mutating func selectLevel(_ level: Int, _ part: [UInt8]) -> UInt8? {
    spend(field.timing.activationStep)
    let answer = exchange(
      .a, [0x93 + 2 * UInt8(level), 0x70] + part, timeout: Self.activationTimeout)
    guard case .success(let sak) = answer else { return nil }
    return sak.first
  }

  /// RATS with the chip's own 64 byte frames and no card identifier.
  private mutating func requestAnswerToSelect() -> [UInt8]? {
    spend(field.timing.activationStep)
    guard case .success(let ats) = exchange(.a, [0xE0, 0x50], timeout: .milliseconds(5)) else {
      return nil
    }
    return ats
  }

  // MARK: Type B

  /// One try: request with one time slot, then ATTRIB with card identifier 1.
  mutating func activateB(family: UInt8, pupi: [UInt8]?, wakingUp: Bool) -> Found? {
    switchOn()
    spend(field.timing.activationStep)
    let request = AirFrame.sealed(.b, [0x05, family, wakingUp ? 0x08 : 0x00])
    let answers = transmit(request, timeout: Self.activationTimeout)
      .compactMap { CardTechnology.b.opened($0.bytes) }
    guard let atqb = answers.first(where: { pupi == nil || $0[1..<5].elementsEqual(pupi ?? []) }),
      answers.count == 1 || pupi != nil, atqb.count >= 12
    else { return nil }
    spend(field.timing.activationStep)
    let attribute = [0x1D] + atqb[1..<5] + [0x00, 0x05, atqb[10] & 0x0F, 0x01]
    guard case .success(let response) = exchange(.b, attribute, timeout: .milliseconds(20)) else {
      return nil
    }
    let identifier = Array(atqb[1..<5])
    var found = Found(
      target: ActivatedTarget(technology: .b, identifier: identifier),
      data: atqb + [UInt8(truncatingIfNeeded: response.count)] + response)
    found.target.initiator = BlockInitiator(
      parameters: DepParameters(protocolInfo: Array(atqb[9..<12])), cardIdentifier: 1)
    if case .typeB(let activation) = field.card(pupi: identifier)?.activation,
      let data = activation.reportedData
    {
      found.data = data
    }
    return found
  }

  // MARK: Sleep and wake

  /// Sends a target to sleep: deselected, or halted if it has no block protocol.
  mutating func putToSleep(_ target: inout ActivatedTarget) {
    guard !target.isAsleep else { return }
    target.isAsleep = true
    let (technology, rate) = (target.technology, target.rate)
    guard target.initiator != nil else {
      _ = transmit(.sealed(technology, [0x50, 0x00]), timeout: Self.activationTimeout)
      return
    }
    target.initiator?.deselect { exchange(technology, $0, rate: rate, timeout: $1) }
  }

  /// Wakes a sleeping target by its identifier.
  mutating func wake(_ target: inout ActivatedTarget) -> Bool {
    guard target.isAsleep else { return true }
    let hadProtocol = target.initiator != nil
    let found =
      target.technology == .a
      ? activateA(uid: target.identifier, wakingUp: true, selectsProtocol: hadProtocol)
      : activateB(family: 0, pupi: target.identifier, wakingUp: true)
    guard let found else { return false }
    target = found.target
    return true
  }
}

extension RadioField {
  func card(uid: [UInt8]) -> (any VirtualCard)? {
    cards.first { $0.technology == .a && $0.uid == uid }?.card
  }

  func card(pupi: [UInt8]) -> (any VirtualCard)? {
    cards.first {
      if case .typeB(let activation) = $0.card.activation { activation.pupi == pupi } else { false }
    }?.card
  }
}

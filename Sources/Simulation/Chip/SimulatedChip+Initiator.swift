/// Commands that address an activated card (UM0701-02 §7.3).
extension SimulatedChip {
  mutating func initiator(_ code: UInt8, _ parameters: [UInt8]) -> ChipAnswer? {
    switch code {
    case 0x44 where parameters.count == 1: return deselect(parameters[0])
    case 0x4E where parameters.count == 3: return selectRates(parameters)
    // No NFC-DEP target is ever in this field.
    case 0x46, 0x56: return reply(code, .timeout)
    case 0x50 where parameters.count >= 2: return reply(code, .wrongContext)
    case 0x52 where parameters.count == 1: return release(parameters[0])
    case 0x54 where parameters.count == 1: return select(parameters[0])
    case 0x8A, 0x8E, 0x90, 0x92, 0x94: return reply(code, .wrongContext)
    default: return nil
    }
  }

  /// Target 0 means all of them.
  private func numbers(_ number: UInt8) -> [UInt8]? {
    if number == 0 { return targets.keys.sorted() }
    return targets[number] == nil ? nil : [number]
  }

  private mutating func deselect(_ number: UInt8) -> ChipAnswer {
    guard let numbers = numbers(number) else { return reply(0x44, .wrongContext) }
    for number in numbers { sleep(number) }
    return reply(0x44, .ok)
  }

  private mutating func release(_ number: UInt8) -> ChipAnswer {
    guard let numbers = numbers(number) else { return reply(0x52, .wrongContext) }
    for number in numbers {
      sleep(number)
      targets[number] = nil
    }
    return reply(0x52, .ok)
  }

  private mutating func select(_ number: UInt8) -> ChipAnswer {
    reply(0x54, bringUp(number))
  }

  mutating func sleep(_ number: UInt8) {
    guard var target = targets[number] else { return }
    radio.putToSleep(&target)
    targets[number] = target
  }

  /// Makes a target the active one: the others sleep, it wakes.
  mutating func bringUp(_ number: UInt8) -> ChipStatus {
    guard var target = targets[number] else { return .wrongContext }
    for other in targets.keys.sorted() where other != number { sleep(other) }
    guard radio.wake(&target) else { return .timeout }
    targets[number] = target
    return .ok
  }

  /// PPS for a type A card; one that does not offer the rate stays mute.
  private mutating func selectRates(_ parameters: [UInt8]) -> ChipAnswer {
    let (number, toTarget, fromTarget) = (parameters[0], parameters[1], parameters[2])
    guard var target = targets[number], target.technology == .a, target.initiator != nil else {
      return reply(0x4E, .wrongContext)
    }
    guard toTarget <= 2, fromTarget <= 2, let rate = BitRate(rawValue: toTarget) else {
      return reply(0x4E, .invalidParameter)
    }
    let request: [UInt8] = [0xD0, 0x11, fromTarget << 2 | toTarget]
    switch radio.exchange(.a, request, timeout: .milliseconds(5)) {
    case .failure(let failure): return reply(0x4E, failure.status)
    case .success:
      target.rate = rate
      targets[number] = target
      return reply(0x4E, .ok)
    }
  }

  /// Diagnose 06: is the card still there?
  mutating func attentionRequest() -> ChipAnswer {
    guard let (number, found) = targets.first(where: { !$0.value.isAsleep }) else {
      return reply(0x00, .wrongContext)
    }
    var target = found
    let (technology, rate) = (target.technology, target.rate)
    let isPresent =
      target.initiator?.isPresent { radio.exchange(technology, $0, rate: rate, timeout: $1) }
    targets[number] = target
    return reply(0x00, isPresent ?? true ? .ok : .timeout)
  }

  // MARK: Data

  mutating func dataExchange(_ parameters: [UInt8], at now: Duration) -> ChipOperation {
    guard let head = parameters.first else { return finishing(.syntaxError, at: now) }
    let number = head & 0x3F
    let status = bringUp(number)
    guard status == .ok, var target = targets[number] else {
      return finishing(reply(0x40, status), at: now)
    }
    radio.spend(timing.exchangeStep)
    let answer = exchange(Array(parameters.dropFirst()), more: head & 0x40 != 0, with: &target)
    targets[number] = target
    return finishing(answer, at: now, lost: .data([0x41, ChipStatus.timeout.rawValue]), of: target)
  }

  private mutating func exchange(
    _ command: [UInt8], more: Bool, with target: inout ActivatedTarget
  ) -> ChipAnswer {
    if command.isEmpty, !target.unread.isEmpty { return deliver(&target) }
    target.unread = []
    let (technology, rate) = (target.technology, target.rate)
    guard target.initiator != nil else { return rawExchange(command, technology) }
    let result = target.initiator?.exchange(
      command, more: more, retries: radio.settings.exchangeRetries
    ) { radio.exchange(technology, $0, rate: rate, timeout: $1) }
    switch result {
    case .success(let response):
      target.unread = (response.nodeAddress.map { [$0] } ?? []) + response.bytes
      return deliver(&target, hasNodeAddress: response.nodeAddress != nil)
    case .failure(let failure): return reply(0x40, failure.status)
    case nil: return reply(0x40, .wrongContext)
    }
  }

  /// As much as one answer holds; status bit 6 says there is more, bit 7 that a node address leads.
  private mutating func deliver(
    _ target: inout ActivatedTarget, hasNodeAddress: Bool = false
  ) -> ChipAnswer {
    let part = target.unread.prefix(BlockInitiator.answerLimit)
    target.unread.removeFirst(part.count)
    let more = !target.unread.isEmpty || target.initiator?.awaitsBlock == true
    lastError = .ok
    return .data([0x41, (more ? 0x40 : 0) | (hasNodeAddress ? 0x80 : 0)] + part)
  }

  /// A card without the block protocol gets the bytes as they are.
  private mutating func rawExchange(
    _ command: [UInt8], _ technology: CardTechnology
  ) -> ChipAnswer {
    let timeout = RadioSettings.duration(radio.settings.retryTimeout) ?? .seconds(1)
    switch radio.exchange(technology, command, timeout: timeout) {
    case .success(let response): return .data([0x41, 0x00] + response)
    case .failure(let failure):
      // Authentication is the chip's own affair, and so is its failure.
      let authenticates = command.first == 0x60 || command.first == 0x61
      return reply(0x40, authenticates ? .authentication : failure.status)
    }
  }

  /// Raw frames, with or without the chip's checksum as the registers say.
  mutating func communicateThrough(_ data: [UInt8], at now: Duration) -> ChipOperation {
    let timeout = RadioSettings.duration(radio.settings.retryTimeout)
    radio.switchOn()
    radio.spend(timing.exchangeStep)
    guard let technology = registers.technology, let rate = registers.rate,
      registers[ChipRegisters.manualReceive] & 0x10 == 0, !data.isEmpty
    else {
      radio.spend(timeout ?? .zero)
      return finishing(reply(0x42, .timeout), at: now)
    }
    let bytes = registers.sendsChecksum ? technology.sealed(data) : data
    let frame = AirFrame(
      technology: technology, bytes: bytes, lastBits: registers.lastBits, rate: rate)
    let answers = radio.transmit(frame, timeout: timeout)
    guard let first = answers.first else {
      guard let timeout else { return .idling }
      radio.spend(timeout)
      return finishing(reply(0x42, .timeout), at: now)
    }
    guard answers.allSatisfy({ $0.bytes == first.bytes }) else {
      return finishing(reply(0x42, .bitCollision), at: now)
    }
    let body = registers.checksChecksum ? technology.opened(first.bytes) : first.bytes
    guard let body else { return finishing(reply(0x42, .checksum), at: now) }
    lastError = .ok
    return finishing(
      .data([0x43, 0x00] + body), at: now, lost: .data([0x43, ChipStatus.timeout.rawValue]),
      after: timeout ?? .zero)
  }

  // MARK: Endings

  func finishing(_ answer: ChipAnswer, at now: Duration) -> ChipOperation {
    .finishing(Finishing(answer: answer, due: now + radio.elapsed, ifLost: nil))
  }

  private func finishing(
    _ answer: ChipAnswer, at now: Duration, lost: ChipAnswer, of target: ActivatedTarget
  ) -> ChipOperation {
    let retryTimeout = RadioSettings.duration(radio.settings.retryTimeout) ?? .zero
    return finishing(
      answer, at: now, lost: lost, after: target.initiator?.frameWaitingTime ?? retryTimeout)
  }

  private func finishing(
    _ answer: ChipAnswer, at now: Duration, lost: ChipAnswer, after: Duration
  ) -> ChipOperation {
    .finishing(Finishing(answer: answer, due: now + radio.elapsed, ifLost: (lost, after)))
  }
}

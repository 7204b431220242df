/// Type A activation (ISO/IEC 14443-3 §6.5, ISO/IEC 14443-4 §5).
extension ProximityCard {
  static let requestA: UInt8 = 0x26
  static let wakeUpA: UInt8 = 0x52

  /// The cascade level's four bytes and their check byte.
  static func cascadeLevel(_ level: Int, of uid: [UInt8]) -> [UInt8] {
    let isLast = level == levels(of: uid) - 1
    let rest = uid.dropFirst(level * 3)
    let part = isLast ? Array(rest.prefix(4)) : [0x88] + rest.prefix(3)
    let padded = part + [UInt8](repeating: 0, count: 4 - part.count)
    return padded + [padded.reduce(0, ^)]
  }

  static func levels(of uid: [UInt8]) -> Int { uid.count <= 4 ? 1 : uid.count <= 7 ? 2 : 3 }

  mutating func receiveA(
    _ frame: AirFrame, _ activation: TypeAActivation, _ faults: inout FaultQueue<CardFault>
  ) -> AirAnswer? {
    if frame.lastBits == 7 { return request(frame.bytes, activation) }
    switch state {
    case .ready(let level, let fromHalt):
      return select(frame.bytes, activation, level: level, fromHalt: fromHalt)
    case .active:
      return activeA(frame.bytes, activation, &faults)
    case .idle, .halted, .exchanging:
      return nil
    }
  }

  private mutating func request(_ bytes: [UInt8], _ activation: TypeAActivation) -> AirAnswer? {
    guard let command = bytes.first else { return nil }
    let fromHalt: Bool
    switch (state, command) {
    case (.idle, Self.requestA), (.idle, Self.wakeUpA): fromHalt = false
    case (.halted, Self.wakeUpA): fromHalt = true
    case (.halted, _): return nil
    default:
      // Unexpected in an active state: back to where the card came from, mute.
      enter(.idle)
      return nil
    }
    enter(.ready(level: 0, fromHalt: fromHalt))
    return AirAnswer(bytes: activation.atqa.reversed())
  }

  private mutating func select(
    _ bytes: [UInt8], _ activation: TypeAActivation, level: Int, fromHalt: Bool
  ) -> AirAnswer? {
    let own = Self.cascadeLevel(level, of: uid)
    guard bytes.count >= 2, bytes[0] == 0x93 + 2 * UInt8(level) else {
      return fallBack(fromHalt)
    }
    let known = Int(bytes[1] >> 4) - 2
    if known < 5 {
      guard known >= 0, bytes[1] & 0x0F == 0, bytes.dropFirst(2).elementsEqual(own.prefix(known))
      else { return fallBack(fromHalt) }
      return AirAnswer(bytes: Array(own.dropFirst(known)))
    }
    guard let body = technology.opened(bytes), body.dropFirst(2).elementsEqual(own) else {
      return fallBack(fromHalt)
    }
    guard level == Self.levels(of: uid) - 1 else {
      enter(.ready(level: level + 1, fromHalt: fromHalt))
      return AirAnswer(bytes: technology.sealed([0x04]))
    }
    enter(.active)
    return AirAnswer(bytes: technology.sealed([activation.sak]))
  }

  private mutating func fallBack(_ fromHalt: Bool) -> AirAnswer? {
    enter(fromHalt ? .halted : .idle)
    return nil
  }

  private mutating func activeA(
    _ bytes: [UInt8], _ activation: TypeAActivation, _ faults: inout FaultQueue<CardFault>
  ) -> AirAnswer? {
    guard let body = technology.opened(bytes), let command = body.first else { return nil }
    if body == [0x50, 0x00] {
      halt()
      return nil
    }
    guard let ats = activation.ats else {
      let answer = process(body, &faults)
      return answer.bytes.map {
        AirAnswer(bytes: technology.sealed($0), delay: answer.computing + answer.lateness)
      }
    }
    guard command == 0xE0, body.count == 2 else { return nil }
    let parameters = DepParameters(ats: ats)
    enter(
      .exchanging(
        BlockTarget(
          readerFrameSize: DepParameters.frameSize(Int(body[1] >> 4)),
          cardIdentifier: body[1] & 0x0F, frameWaitingTime: parameters.frameWaitingTime,
          extendsWaitingTime: card.extendsWaitingTime)))
    return AirAnswer(bytes: technology.sealed(ats))
  }
}

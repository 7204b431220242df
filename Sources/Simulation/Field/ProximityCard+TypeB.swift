/// Type B activation (ISO/IEC 14443-3 §7).
extension ProximityCard {
  mutating func receiveB(_ frame: AirFrame, _ activation: TypeBActivation) -> AirAnswer? {
    guard let body = technology.opened(frame.bytes), let command = body.first else { return nil }
    switch (state, command) {
    case (_, 0x05) where body.count == 3: return requestB(body, activation)
    case (.ready, 0x1D) where body.count >= 9: return attribute(body, activation)
    case (.ready, 0x50) where body.dropFirst().elementsEqual(activation.pupi):
      halt()
      return AirAnswer(bytes: technology.sealed([0x00]))
    default: return nil
    }
  }

  private mutating func requestB(_ body: [UInt8], _ activation: TypeBActivation) -> AirAnswer? {
    let wakesUp = body[2] & 0x08 != 0
    switch state {
    case .halted where !wakesUp: return nil
    case .halted: enter(.ready(level: 0, fromHalt: true))
    default: enter(.ready(level: 0, fromHalt: false))
    }
    // Application family: 00 asks everyone, a card answers its own family otherwise.
    guard body[1] == 0x00 || body[1] == activation.applicationData.first else { return nil }
    return AirAnswer(
      bytes: technology.sealed(
        [0x50] + activation.pupi + activation.applicationData + activation.protocolInfo))
  }

  private mutating func attribute(_ body: [UInt8], _ activation: TypeBActivation) -> AirAnswer? {
    guard body[1..<5].elementsEqual(activation.pupi) else { return nil }
    let parameters = DepParameters(protocolInfo: activation.protocolInfo)
    let identifier = body[8] & 0x0F
    enter(
      .exchanging(
        BlockTarget(
          readerFrameSize: DepParameters.frameSize(Int(body[6] & 0x0F)),
          cardIdentifier: identifier, frameWaitingTime: parameters.frameWaitingTime,
          extendsWaitingTime: card.extendsWaitingTime)))
    return AirAnswer(bytes: technology.sealed([identifier]))
  }
}

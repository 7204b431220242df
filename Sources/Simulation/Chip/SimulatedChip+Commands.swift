extension SimulatedChip {
  mutating func start(_ code: UInt8, _ parameters: [UInt8], at now: Duration) -> ChipOperation {
    switch code {
    case 0x40: return dataExchange(parameters, at: now)
    case 0x42: return communicateThrough(parameters, at: now)
    case 0x4A: return listPassiveTarget(parameters, at: now)
    case 0x60 where model == .pn532: return autoPoll(parameters, at: now)
    case 0x00 where parameters.first == 0x05, 0x86, 0x88, 0x8C: return .idling
    default: break
    }
    let answer = household(code, parameters) ?? initiator(code, parameters) ?? .syntaxError
    return .finishing(Finishing(answer: answer, due: now + timing.housekeeping + radio.elapsed))
  }

  func reply(_ code: UInt8, _ data: [UInt8] = []) -> ChipAnswer { .data([code &+ 1] + data) }

  mutating func reply(_ code: UInt8, _ status: ChipStatus) -> ChipAnswer {
    lastError = status
    return .data([code &+ 1, status.rawValue])
  }

  // MARK: Commands that touch no card

  private mutating func household(_ code: UInt8, _ parameters: [UInt8]) -> ChipAnswer? {
    switch code {
    case 0x00: diagnose(parameters)
    // A PN533 takes whatever follows; libnfc repairs its descriptors that way.
    case 0x02 where parameters.isEmpty || model == .pn533: reply(code, firmware)
    case 0x04 where parameters.isEmpty: reply(code, generalStatus)
    case 0x06 where parameters.count % 2 == 0 && !parameters.isEmpty: readRegisters(parameters)
    case 0x08 where parameters.count % 3 == 0 && !parameters.isEmpty: writeRegisters(parameters)
    case 0x0C where parameters.isEmpty: reply(code, gpio)
    case 0x0E where parameters.count == 2: writePorts(parameters)
    case 0x10 where parameters.count == 1: setSerialSpeed(parameters[0])
    case 0x12 where parameters.count == 1: setParameters(parameters[0])
    case 0x14 where model == .pn532: configureSAM(parameters)
    case 0x16 where (1...2).contains(parameters.count) && model == .pn532: powerDown(parameters[0])
    case 0x32: configureRadio(parameters)
    default: nil
    }
  }

  private var firmware: [UInt8] {
    switch model {
    case .pn532: [0x32, 0x01, 0x06, 0x07]
    case .pn533: [0x33, 0x02, 0x07, 0x07]
    }
  }

  private var generalStatus: [UInt8] {
    let listed = targets.sorted { $0.key < $1.key }.flatMap { number, target -> [UInt8] in
      [number, target.rate.rawValue, target.rate.rawValue, 0x00]
    }
    let field: UInt8 = radio.field.isOn ? 1 : 0
    return [lastError.rawValue, field, UInt8(targets.count)] + listed + [0x80]
  }

  private mutating func diagnose(_ parameters: [UInt8]) -> ChipAnswer? {
    switch parameters.first {
    case 0x00: return reply(0x00, parameters)
    case 0x01, 0x02: return reply(0x00, [0x00])
    // Polls for FeliCa cards 128 times and counts the failures: there are none here.
    case 0x04 where parameters.count == 2: return reply(0x00, [0x80])
    case 0x06: return attentionRequest()
    case 0x07 where parameters.count == 2: return reply(0x00, [0x00])
    default: return nil
    }
  }

  private mutating func readRegisters(_ parameters: [UInt8]) -> ChipAnswer {
    let values = stride(from: 0, to: parameters.count, by: 2).map { index -> UInt8 in
      let address = UInt16(parameters[index]) << 8 | UInt16(parameters[index + 1])
      if address == ChipRegisters.txControl {
        return registers[address] & 0xFC | (radio.field.isOn ? 0x03 : 0x00)
      }
      return registers[address]
    }
    return reply(0x06, registerStatus + values)
  }

  private mutating func writeRegisters(_ parameters: [UInt8]) -> ChipAnswer {
    for index in stride(from: 0, to: parameters.count, by: 3) {
      let address = UInt16(parameters[index]) << 8 | UInt16(parameters[index + 1])
      registers[address] = parameters[index + 2]
    }
    return reply(0x08, registerStatus)
  }

  /// A PN533 opens register answers with a status byte.
  private var registerStatus: [UInt8] { model == .pn533 ? [0x00] : [] }

  /// Bit 7 of each value says that it is meant (UM0701-02 §7.2.7).
  private mutating func writePorts(_ parameters: [UInt8]) -> ChipAnswer {
    for (index, value) in parameters.enumerated() where value & 0x80 != 0 {
      gpio[index] = value & 0x7F
    }
    return reply(0x0E)
  }

  static let serialSpeeds = [
    9_600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600, 1_288_000,
  ]

  private mutating func setSerialSpeed(_ index: UInt8) -> ChipAnswer? {
    guard Int(index) < Self.serialSpeeds.count else { return nil }
    requestedSpeed = Self.serialSpeeds[Int(index)]
    return reply(0x10)
  }

  private mutating func setParameters(_ flags: UInt8) -> ChipAnswer {
    parameters = flags
    return reply(0x12)
  }

  private mutating func configureSAM(_ parameters: [UInt8]) -> ChipAnswer? {
    guard (1...3).contains(parameters.count), (1...4).contains(parameters[0]) else { return nil }
    samMode = parameters[0]
    return reply(0x14)
  }

  /// The chip sleeps once its answer is out; bit 4 of the sources is the serial line.
  private mutating func powerDown(_ sources: UInt8) -> ChipAnswer {
    radio.field.switchOff()
    targets = [:]
    power = .asleep(wakesOnSerial: sources & 0x10 != 0)
    return reply(0x16, .ok)
  }

  private mutating func configureRadio(_ parameters: [UInt8]) -> ChipAnswer? {
    let values = Array(parameters.dropFirst())
    switch (parameters.first, values.count) {
    case (0x01, 1): switchField(values[0] & 0x01 != 0)
    case (0x02, 3):
      radio.settings.attributeTimeout = values[1]
      radio.settings.retryTimeout = values[2]
    case (0x04, 1): radio.settings.exchangeRetries = values[0]
    case (0x05, 3): radio.settings.activationRetries = values[2]
    case (0x0A, 11), (0x0B, 8), (0x0C, 3), (0x0D, 9):
      radio.settings.analog[parameters[0]] = values
    default: return nil
    }
    return reply(0x32)
  }

  private mutating func switchField(_ on: Bool) {
    guard on else {
      radio.field.switchOff()
      targets = [:]
      return
    }
    radio.switchOn()
  }
}

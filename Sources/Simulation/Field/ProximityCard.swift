/// A card in the field: the activation states of ISO/IEC 14443-3 around a `VirtualCard`.
struct ProximityCard {
  enum State {
    case idle
    case halted
    case ready(level: Int, fromHalt: Bool)
    case active
    case exchanging(BlockTarget)
  }

  let card: any VirtualCard
  /// Whether the card's computing takes time.
  let pacesComputing: Bool
  private(set) var state = State.idle
  /// The bit rates both ways, changed by PPS.
  private(set) var rate = BitRate.kbit106
  /// The UID of this powering.
  private(set) var uid: [UInt8] = []

  /// The card has left the field, perhaps to come back.
  private(set) var departure: Departure?

  struct Departure: Equatable {
    var returnsAfter: Duration?
  }

  init(_ card: any VirtualCard, pacesComputing: Bool = true) {
    self.card = card
    self.pacesComputing = pacesComputing
    powerUp()
  }

  var technology: CardTechnology { card.activation.technology }

  mutating func powerUp() {
    state = .idle
    rate = .kbit106
    if case .typeA(let activation) = card.activation {
      uid =
        activation.drawsRandomUID
        ? [0x08] + (0..<3).map { _ in .random(in: 0...255) }
        : activation.uid
    }
    card.powerUp()
  }

  /// What the card answers to a frame; nil is silence.
  mutating func receive(_ frame: AirFrame, _ faults: inout FaultQueue<CardFault>) -> AirAnswer? {
    guard frame.technology == technology, frame.rate == rate || isShortFrame(frame) else {
      return nil
    }
    if case .exchanging(var target) = state {
      guard let block = technology.opened(frame.bytes) else { return nil }
      return exchange(block, &target, &faults)
    }
    switch card.activation {
    case .typeA(let activation): return receiveA(frame, activation, &faults)
    case .typeB(let activation): return receiveB(frame, activation)
    }
  }

  private func isShortFrame(_ frame: AirFrame) -> Bool { frame.lastBits != 0 }

  private mutating func exchange(
    _ frame: [UInt8], _ target: inout BlockTarget, _ faults: inout FaultQueue<CardFault>
  ) -> AirAnswer? {
    if let parameters = frame.first, parameters & 0xF0 == 0xD0, technology == .a {
      return selectProtocol(frame)
    }
    let reaction = target.receive(frame) { process($0, &faults) }
    state = .exchanging(target)
    switch reaction {
    case .mute: return nil
    case .block(let answer): return sealed(answer)
    case .deselect(let answer):
      state = .halted
      let answer = sealed(answer)
      rate = .kbit106
      return answer
    }
  }

  mutating func process(
    _ command: [UInt8], _ faults: inout FaultQueue<CardFault>
  ) -> CardAnswer {
    let happening = faults.happening { _ in true }
    if let departure = Self.departure(happening, before: true) { return leave(departure) }
    if let answer = Self.substitute(happening) { return CardAnswer(answer) }
    var answer = card.process(command)
    if let departure = Self.departure(happening, before: false) { return leave(departure) }
    if !pacesComputing { answer.computing = .zero }
    for fault in happening { Self.alter(&answer, fault) }
    return answer
  }

  private func sealed(_ answer: AirAnswer) -> AirAnswer {
    AirAnswer(bytes: technology.sealed(answer.bytes), delay: answer.delay)
  }

  /// PPS (ISO/IEC 14443-4 §5.3): a rate the card does not offer leaves it mute.
  private mutating func selectProtocol(_ frame: [UInt8]) -> AirAnswer? {
    guard case .typeA(let activation) = card.activation, let ats = activation.ats else {
      return nil
    }
    guard frame.count >= 2 else { return nil }
    let answer = AirAnswer(bytes: technology.sealed([frame[0]]))
    guard frame[1] & 0x10 != 0, frame.count >= 3 else { return answer }
    let send = Int(frame[2] >> 2 & 3)
    let receive = Int(frame[2] & 3)
    // One divisor for both directions is all the field models.
    let offered = DepParameters(ats: ats).bitRates
    let bits = UInt8(1 << max(send - 1, 0))
    guard send == receive, send == 0 || offered & bits != 0 && offered & (bits << 4) != 0 else {
      return nil
    }
    rate = BitRate(rawValue: UInt8(send)) ?? .kbit106
    return answer
  }

  private mutating func leave(_ departure: Departure) -> CardAnswer {
    self.departure = departure
    return CardAnswer(nil)
  }

  mutating func halt() { state = .halted }
  mutating func enter(_ state: State) { self.state = state }
}

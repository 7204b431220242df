/// The card's half of the block protocol (ISO/IEC 14443-4 §7.5).
struct BlockTarget {
  /// The longest frame the reader takes, checksum included (FSD).
  var readerFrameSize: Int
  /// The card identifier agreed at activation; blocks carrying another one are not for this card.
  var cardIdentifier: UInt8
  /// How long the card may compute before it must ask for more.
  var frameWaitingTime: Duration
  /// Whether the card asks for more, or simply answers late.
  var extendsWaitingTime: Bool

  private var number: UInt8 = 1
  private var command: [UInt8] = []
  private var lastBlock: AirAnswer?
  private var unsent: Unsent?
  private var computing: (answer: CardAnswer, remaining: Duration)?

  private struct Unsent {
    var bytes: ArraySlice<UInt8>
    var nodeAddress: UInt8?
    var neverEnds: Bool
  }

  /// What a frame leads to.
  enum Reaction {
    case mute
    case block(AirAnswer)
    /// Answer, then leave the protocol and halt.
    case deselect(AirAnswer)
  }

  init(
    readerFrameSize: Int, cardIdentifier: UInt8, frameWaitingTime: Duration,
    extendsWaitingTime: Bool
  ) {
    self.readerFrameSize = readerFrameSize
    self.cardIdentifier = cardIdentifier
    self.frameWaitingTime = frameWaitingTime
    self.extendsWaitingTime = extendsWaitingTime
  }

  mutating func receive(_ frame: [UInt8], process: ([UInt8]) -> CardAnswer) -> Reaction {
    guard let block = Block(frame) else { return .mute }
    // A block without an identifier is for the card that was given identifier 0.
    guard block.cardIdentifier ?? 0 == cardIdentifier else { return .mute }
    let carriesIdentifier = block.cardIdentifier != nil
    switch block.kind {
    case .information(let chained, _, let payload):
      return information(payload, chained, carriesIdentifier, process)
    case .acknowledge(let blockNumber):
      return acknowledge(blockNumber, carriesIdentifier)
    case .negativeAcknowledge(let blockNumber):
      if blockNumber == number { return repeatLast() }
      return send(.acknowledge(number: number), carriesIdentifier)
    case .deselect:
      return .deselect(answer(.deselect, carriesIdentifier))
    case .waitingTime(let multiplier):
      return extended(multiplier, carriesIdentifier)
    }
  }

  private mutating func information(
    _ payload: [UInt8], _ chained: Bool, _ carriesIdentifier: Bool,
    _ process: ([UInt8]) -> CardAnswer
  ) -> Reaction {
    number ^= 1
    unsent = nil
    command += payload
    guard command.count <= 65_600 else { return .mute }
    if chained { return send(.acknowledge(number: number), carriesIdentifier) }
    let answer = process(command)
    command = []
    return compute(answer, answer.computing + answer.lateness, carriesIdentifier)
  }

  private mutating func acknowledge(_ blockNumber: UInt8, _ carriesIdentifier: Bool) -> Reaction {
    if blockNumber == number { return repeatLast() }
    guard unsent != nil else { return .mute }
    number ^= 1
    return sendNext(delay: .zero, carriesIdentifier)
  }

  private mutating func repeatLast() -> Reaction {
    guard var block = lastBlock else { return .mute }
    block.delay = .zero
    return .block(block)
  }

  /// Computes for as long as the frame waiting time lasts; asks for more before it is over.
  private mutating func compute(
    _ answer: CardAnswer, _ time: Duration, _ carriesIdentifier: Bool
  ) -> Reaction {
    if extendsWaitingTime, time > frameWaitingTime {
      let asked = frameWaitingTime / 2
      computing = (answer, time - asked)
      return send(.waitingTime(multiplier: multiplier(time - asked)), carriesIdentifier, asked)
    }
    return finish(answer, time, carriesIdentifier)
  }

  /// The smallest multiplier that covers the rest, at most 59 (ISO/IEC 14443-4 §7.3).
  private func multiplier(_ rest: Duration) -> UInt8 {
    UInt8((1..<59).first { frameWaitingTime * $0 > rest } ?? 59)
  }

  private mutating func extended(_ multiplier: UInt8, _ carriesIdentifier: Bool) -> Reaction {
    guard let (answer, remaining) = computing else { return .mute }
    let granted = frameWaitingTime * Int(max(multiplier, 1))
    guard remaining > granted else {
      return finish(answer, remaining, carriesIdentifier)
    }
    let asked = granted * 9 / 10
    computing = (answer, remaining - asked)
    return send(
      .waitingTime(multiplier: self.multiplier(remaining - asked)), carriesIdentifier, asked)
  }

  private mutating func finish(
    _ answer: CardAnswer, _ time: Duration, _ carriesIdentifier: Bool
  ) -> Reaction {
    computing = nil
    guard let bytes = answer.bytes else { return .mute }
    unsent = Unsent(
      bytes: bytes[...], nodeAddress: answer.nodeAddress, neverEnds: answer.neverEnds)
    return sendNext(delay: time, carriesIdentifier)
  }

  private mutating func sendNext(delay: Duration, _ carriesIdentifier: Bool) -> Reaction {
    guard var rest = unsent else { return .mute }
    let overhead = 3 + (carriesIdentifier ? 1 : 0) + (rest.nodeAddress == nil ? 0 : 1)
    let payload = Array(rest.bytes.prefix(max(readerFrameSize - overhead, 1)))
    if rest.neverEnds {
      unsent = rest
    } else {
      rest.bytes = rest.bytes.dropFirst(payload.count)
      unsent = rest.bytes.isEmpty ? nil : rest
    }
    return send(
      .information(chained: unsent != nil, number: number, payload), carriesIdentifier, delay,
      nodeAddress: rest.nodeAddress)
  }

  private mutating func send(
    _ kind: Block.Kind, _ carriesIdentifier: Bool, _ delay: Duration = .zero,
    nodeAddress: UInt8? = nil
  ) -> Reaction {
    let answer = answer(kind, carriesIdentifier, delay, nodeAddress: nodeAddress)
    lastBlock = answer
    return .block(answer)
  }

  private func answer(
    _ kind: Block.Kind, _ carriesIdentifier: Bool, _ delay: Duration = .zero,
    nodeAddress: UInt8? = nil
  ) -> AirAnswer {
    let block = Block(
      kind: kind, cardIdentifier: carriesIdentifier ? cardIdentifier : nil,
      nodeAddress: nodeAddress)
    return AirAnswer(bytes: block.encoded, delay: delay)
  }
}

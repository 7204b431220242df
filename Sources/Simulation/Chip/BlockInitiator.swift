/// The reader's half of the block protocol (ISO/IEC 14443-4 §7.5), as the chip runs it by itself.
struct BlockInitiator {
  /// The longest frame the card takes, checksum included (FSC).
  var cardFrameSize: Int
  var cardIdentifier: UInt8?
  var frameWaitingTime: Duration

  private(set) var number: UInt8 = 0
  /// The card announced another block that has not been asked for.
  private(set) var awaitsBlock = false

  /// The most a host gets in one answer (UM0701-02 §7.3.8).
  static let answerLimit = 262
  /// A card that asks for more time this often is given up; the chip itself would go on.
  static let extensionLimit = 1_000

  init(parameters: DepParameters, cardIdentifier: UInt8?) {
    cardFrameSize = parameters.frameSize
    self.cardIdentifier = cardIdentifier
    frameWaitingTime = parameters.frameWaitingTime
  }

  struct Response: Equatable {
    var bytes: [UInt8]
    var more: Bool
    var nodeAddress: UInt8?
  }

  /// How a block goes over the air and what comes back.
  typealias Transmit = (_ block: [UInt8], _ timeout: Duration) -> Result<[UInt8], AirFailure>

  /// Sends a command, or its first part when `more` follows, and collects the response.
  mutating func exchange(
    _ command: [UInt8], more: Bool, retries: UInt8, transmit: Transmit
  ) -> Result<Response, AirFailure> {
    if command.isEmpty, awaitsBlock {
      return collect(first: .acknowledge(number: number), retries, transmit)
    }
    awaitsBlock = false
    var rest = command[...]
    let room = max(cardFrameSize - 3 - (cardIdentifier == nil ? 0 : 1), 1)
    while true {
      let part = Array(rest.prefix(room))
      rest = rest.dropFirst(part.count)
      let block = Block.Kind.information(chained: more || !rest.isEmpty, number: number, part)
      guard more || !rest.isEmpty else { return collect(first: block, retries, transmit) }
      switch send(block, retries, transmit) {
      case .success(let answer):
        guard case .acknowledge(number) = answer.kind else { return .failure(.unexpected) }
        number ^= 1
      case .failure(let failure): return .failure(failure)
      }
      if rest.isEmpty { return .success(Response(bytes: [], more: false)) }
    }
  }

  /// Whether the card is still there: a negative acknowledgement gets an acknowledgement
  /// (ISO/IEC 14443-4 §7.5.4.2, the presence check).
  mutating func isPresent(transmit: Transmit) -> Bool {
    let probe = encoded(.negativeAcknowledge(number: number))
    guard case .success(let frame) = transmit(probe, waitingTime) else { return false }
    return Block(frame) != nil
  }

  mutating func deselect(transmit: Transmit) {
    _ = transmit(encoded(.deselect), waitingTime)
  }

  private var waitingTime: Duration { frameWaitingTime + DepParameters.frameWaitingMargin }

  private func encoded(_ kind: Block.Kind) -> [UInt8] {
    Block(kind: kind, cardIdentifier: cardIdentifier).encoded
  }

  /// Gathers the blocks of a response until it ends or the host's answer is full.
  private mutating func collect(
    first: Block.Kind, _ retries: UInt8, _ transmit: Transmit
  ) -> Result<Response, AirFailure> {
    var response = Response(bytes: [], more: false)
    var next = first
    while true {
      switch send(next, retries, transmit) {
      case .failure(let failure): return .failure(failure)
      case .success(let block):
        guard case .information(let chained, number, let payload) = block.kind else {
          return .failure(.unexpected)
        }
        number ^= 1
        response.bytes += payload
        response.nodeAddress = block.nodeAddress
        response.more = chained
        awaitsBlock = chained
        guard chained, response.bytes.count < Self.answerLimit else { return .success(response) }
        next = .acknowledge(number: number)
      }
    }
  }

  /// Sends a block and grants what time the card asks for.
  private func send(
    _ kind: Block.Kind, _ retries: UInt8, _ transmit: Transmit
  ) -> Result<Block, AirFailure> {
    var block = encoded(kind)
    var timeout = waitingTime
    var triesLeft = Int(retries)
    for _ in 0..<Self.extensionLimit {
      switch transmit(block, timeout) {
      case .success(let frame):
        guard let answer = Block(frame) else { return .failure(.unexpected) }
        guard case .waitingTime(let multiplier) = answer.kind else { return .success(answer) }
        block = encoded(.waitingTime(multiplier: multiplier))
        timeout = frameWaitingTime * Int(max(multiplier, 1)) + DepParameters.frameWaitingMargin
      case .failure(let failure):
        guard triesLeft > 0 else { return .failure(failure) }
        triesLeft -= 1
        block = encoded(.negativeAcknowledge(number: number))
        timeout = waitingTime
      }
    }
    return .failure(.silence)
  }
}

/// Why the air brought no usable frame.
enum AirFailure: Error, Equatable {
  case silence
  case damaged
  case collision
  case unexpected

  var status: ChipStatus {
    switch self {
    case .silence: .timeout
    case .damaged: .checksum
    case .collision: .bitCollision
    case .unexpected: .rfProtocol
    }
  }
}

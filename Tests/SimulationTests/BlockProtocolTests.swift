import SmartCard
import Testing

@testable import Simulation

/// Scenarios in the manner of ISO/IEC 14443-4 annex B, from the card's side.
@Suite("The card's half of the block protocol")
struct BlockTargetTests {
  private var target = BlockTarget(
    readerFrameSize: 16, cardIdentifier: 0, frameWaitingTime: .milliseconds(5),
    extendsWaitingTime: true)

  /// What the card answers, in hexadecimal; nil is silence.
  private mutating func send(_ block: String, answering answer: CardAnswer = CardAnswer([0xAA]))
    -> String?
  {
    switch target.receive(.init(hex: block), process: { _ in answer }) {
    case .mute: nil
    case .block(let answer), .deselect(let answer): Hexadecimal.text(answer.bytes).lowercased()
    }
  }

  @Test("Information blocks alternate their numbers")
  mutating func alternation() {
    #expect(send("02 01") == "02aa")
    #expect(send("03 01") == "03aa")
    #expect(send("02 01") == "02aa")
  }

  @Test("A chained command is acknowledged block by block and processed once")
  mutating func chainedCommand() {
    var seen: [[UInt8]] = []
    func process(_ command: [UInt8]) -> CardAnswer {
      seen.append(command)
      return CardAnswer([0x90])
    }
    guard case .block(let first) = target.receive([0x12, 1, 2], process: process),
      case .block(let second) = target.receive([0x13, 3, 4], process: process),
      case .block(let last) = target.receive([0x02, 5], process: process)
    else {
      Issue.record("the card stayed mute")
      return
    }
    #expect(first.bytes == [0xA2])
    #expect(second.bytes == [0xA3])
    #expect(last.bytes == [0x02, 0x90])
    #expect(seen == [[1, 2, 3, 4, 5]])
  }

  @Test("A long answer is chained to the reader's frame size")
  mutating func chainedAnswer() {
    let answer = CardAnswer((0..<30).map { UInt8($0) })
    #expect(send("02 01", answering: answer) == "12000102030405060708090a0b0c")
    #expect(send("a3") == "130d0e0f10111213141516171819")
    #expect(send("a2") == "021a1b1c1d")
  }

  @Test("A negative acknowledgement of the last block brings it again, and processes nothing twice")
  mutating func retransmission() {
    var count = 0
    func process(_ command: [UInt8]) -> CardAnswer {
      count += 1
      return CardAnswer([UInt8(count)])
    }
    _ = target.receive([0x02, 1], process: process)
    guard case .block(let again) = target.receive([0xB2], process: process) else {
      Issue.record("the card stayed mute")
      return
    }
    #expect(again.bytes == [0x02, 1])
    #expect(count == 1)
  }

  @Test("A negative acknowledgement of a block the card never got is acknowledged")
  mutating func presenceCheck() {
    #expect(send("b2") == "a3")
    #expect(send("02 01") == "02aa")
    #expect(send("b3") == "a2")
  }

  @Test("An acknowledgement of the card's own last number brings the last block again")
  mutating func repeatedAcknowledgement() {
    let answer = CardAnswer((0..<30).map { UInt8($0) })
    let first = send("02 01", answering: answer)
    #expect(send("a2") == first)
    #expect(send("a3")?.hasPrefix("130d") == true)
  }

  @Test("Deselection is answered in kind")
  mutating func deselection() {
    #expect(send("c2") == "c2")
  }

  @Test("A block for another card identifier is not for this card")
  mutating func cardIdentifier() {
    target.cardIdentifier = 3
    #expect(send("02 01") == nil)
    #expect(send("0a 04 01") == nil)
    #expect(send("0a 03 01") == "0a03aa")
    #expect(send("ba 03") == "0a03aa")
    #expect(send("bb 03") == "aa03")
  }

  @Test("A card that needs long asks for time until it is done")
  mutating func waitingTimeExtension() {
    var answer = CardAnswer([0xAA])
    answer.lateness = .milliseconds(40)
    #expect(send("02 01", answering: answer) == "f208")
    #expect(send("f2 08", answering: answer) == "02aa")
    answer.lateness = .milliseconds(500)
    #expect(send("02 01", answering: answer) == "f23b")
    #expect(send("f2 3b", answering: answer) == "f22f")
    #expect(send("f2 2f", answering: answer) == "03aa")
  }

  @Test("Nonsense is met with silence and no trap")
  mutating func nonsense() {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<5_000 {
      let length = Int(random.next() % 6)
      _ = target.receive(random.bytes(length)) { _ in CardAnswer([0xAA]) }
    }
    #expect(send("") == nil)
    #expect(send("f2") == nil)
    #expect(send("0a") == nil)
  }
}

@Suite("The chip's half of the block protocol")
struct BlockInitiatorTests {
  private let parameters = DepParameters(ats: [0x05, 0x78, 0x80, 0x81, 0x00])

  /// Runs an exchange against scripted answers; nil is silence.
  private func exchange(
    _ script: [[UInt8]?], retries: UInt8 = 0, command: [UInt8] = [0x01]
  ) -> (result: Result<BlockInitiator.Response, AirFailure>, sent: [String]) {
    var initiator = BlockInitiator(parameters: parameters, cardIdentifier: nil)
    var sent: [String] = []
    var rest = script[...]
    let result = initiator.exchange(command, more: false, retries: retries) { block, _ in
      sent.append(Hexadecimal.text(block).lowercased())
      guard let answer = rest.popFirst(), let answer else { return .failure(.silence) }
      return .success(answer)
    }
    return (result, sent)
  }

  @Test("A plain answer ends the exchange")
  func plain() {
    let (result, sent) = exchange([[0x02, 0xAA]])
    #expect(result == .success(.init(bytes: [0xAA], more: false)))
    #expect(sent == ["0201"])
  }

  @Test("Every request for time is granted with its multiplier")
  func waitingTime() {
    let (result, sent) = exchange([[0xF2, 0x05], [0xF2, 0x01], [0x02, 0xAA]])
    #expect(result == .success(.init(bytes: [0xAA], more: false)))
    #expect(sent == ["0201", "f205", "f201"])
  }

  @Test("A card that asks for time for ever is given up")
  func endlessWaiting() {
    let script = [[UInt8]?](repeating: [0xF2, 0x01], count: 5_000)
    #expect(exchange(script).result == .failure(.silence))
  }

  @Test("Silence is met with negative acknowledgements, as many as there are retries")
  func retries() {
    let (result, sent) = exchange([nil, nil, [0x02, 0xAA]], retries: 2)
    #expect(result == .success(.init(bytes: [0xAA], more: false)))
    #expect(sent == ["0201", "b2", "b2"])
    #expect(exchange([nil, nil], retries: 1).result == .failure(.silence))
  }

  @Test("A block of the wrong number or kind is a protocol error")
  func wrongBlocks() {
    for wrong: [UInt8] in [[0x03, 0xAA], [0xA2], [0xC2], [0x00], []] {
      #expect(exchange([wrong]).result == .failure(.unexpected), "\(wrong)")
    }
  }
}

import SmartCard
import Testing

@Suite("Exchange: response and command chaining")
struct ExchangeTests {
  private let deadline = ContinuousClock.now + .seconds(60)
  private let command = CommandAPDU(cla: 0, ins: 0xA1, p1: 0, p2: 0)
  private let sendRemaining = CommandAPDU(cla: 0, ins: 0xA5, p1: 0, p2: 0)
  private var policy: ExchangePolicy { ExchangePolicy(sendRemaining: sendRemaining) }

  @Test("A final answer comes back after one command")
  func plain() async throws {
    let card = try ScriptedChannel([[0x01, 0x90, 0x00]])
    let response = try await card.exchange(command, policy: policy, deadline: deadline)
    #expect(response == ResponseAPDU(data: [0x01], statusWord: .success))
    #expect(await card.received == [command])
  }

  @Test("61xx is followed to its end and the parts are joined")
  func chained() async throws {
    let card = try ScriptedChannel([[0x01, 0x61, 0xFF], [0x02, 0x61, 0x01], [0x03, 0x90, 0x00]])
    let response = try await card.exchange(command, policy: policy, deadline: deadline)
    #expect(response == ResponseAPDU(data: [1, 2, 3], statusWord: .success))
    #expect(await card.received == [command, sendRemaining, sendRemaining])
  }

  @Test("The fetching command's Ne is the count the card gave, where it has one")
  func countedFetch() async throws {
    let card = try ScriptedChannel([[0x61, 0x00], [0x61, 0x05], [0x03, 0x90, 0x00]])
    _ = try await card.exchange(command, policy: .getResponse, deadline: deadline)
    #expect(await card.received.map(\.expectedLength) == [nil, 256, 5])
    #expect(await card.received.map(\.ins) == [0xA1, 0xC0, 0xC0])
  }

  @Test("An error inside a chain ends it with that status")
  func errorInChain() async throws {
    let card = try ScriptedChannel([[0x01, 0x61, 0xFF], [0x69, 0x82]])
    let response = try await card.exchange(command, policy: policy, deadline: deadline)
    #expect(response.statusWord == .securityStatusNotSatisfied)
  }

  @Test("Without a fetching command 61xx goes back to the caller")
  func unfetched() async throws {
    let card = try ScriptedChannel([[0x01, 0x61, 0xFF]])
    let response = try await card.exchange(
      command, policy: ExchangePolicy(sendRemaining: nil), deadline: deadline)
    #expect(response.statusWord == StatusWord(0x61FF))
  }

  @Test("6Cxx repeats the command once with that length")
  func wrongLength() async throws {
    let card = try ScriptedChannel([[0x6C, 0x05], [0x01, 0x90, 0x00]])
    let response = try await card.exchange(command, policy: policy, deadline: deadline)
    #expect(response.data == [0x01])
    #expect(await card.received.map(\.expectedLength) == [nil, 5])
  }

  @Test("6Cxx twice is a protocol violation")
  func wrongLengthTwice() async throws {
    let card = try ScriptedChannel([], thenForever: [0x6C, 0x05])
    await #expect(throws: CardError(.protocolViolation(.repeatedWrongLength))) {
      try await card.exchange(command, policy: policy, deadline: deadline)
    }
    #expect(await card.received.count == 2)
  }

  @Test("A command that must not run twice is not repeated after 6Cxx")
  func wrongLengthNotRepeated() async throws {
    let card = try ScriptedChannel([[0x6C, 0x05]])
    let once = ExchangePolicy(sendRemaining: sendRemaining, repeatsAfterWrongLength: false)
    let response = try await card.exchange(command, policy: once, deadline: deadline)
    #expect(response.statusWord == StatusWord(0x6C05))
    #expect(await card.received.count == 1)
  }

  @Test("Endless 61FF without data ends in a typed error after the bounded rounds")
  func endlessEmpty() async throws {
    let card = try ScriptedChannel([], thenForever: [0x61, 0xFF])
    await #expect(throws: CardError(.protocolViolation(.endlessChain))) {
      try await card.exchange(command, policy: policy, deadline: deadline)
    }
    #expect(await card.received.count == 300)
  }

  @Test("Endless 61FF with data ends at the byte bound")
  func endlessData() async throws {
    let card = try ScriptedChannel(
      [], thenForever: [UInt8](repeating: 0xAA, count: 256) + [0x61, 0x00])
    await #expect(throws: CardError(.protocolViolation(.endlessChain))) {
      try await card.exchange(command, policy: policy, deadline: deadline)
    }
    #expect(await card.received.count == 257)
  }

  @Test("An answer of exactly the byte bound passes, one byte more does not")
  func byteBound() async throws {
    let bounded = ExchangePolicy(sendRemaining: sendRemaining, maximumBytes: 4)
    let exact = try ScriptedChannel([[1, 2, 0x61, 0x02], [3, 4, 0x90, 0x00]])
    let response = try await exact.exchange(command, policy: bounded, deadline: deadline)
    #expect(response.data == [1, 2, 3, 4])
    let more = try ScriptedChannel([[1, 2, 0x61, 0x03], [3, 4, 5, 0x90, 0x00]])
    await #expect(throws: CardError(.protocolViolation(.answerTooLong))) {
      try await more.exchange(command, policy: bounded, deadline: deadline)
    }
  }

  @Test("A long command is chained where the card takes no extended length")
  func longCommand() async throws {
    var long = command
    long.data = [UInt8](repeating: 0x55, count: 300)
    let card = try ScriptedChannel([[0x90, 0x00], [0x01, 0x90, 0x00]])
    let response = try await card.exchange(long, policy: policy, deadline: deadline)
    #expect(response.data == [0x01])
    #expect(await card.received == long.chained())
  }

  @Test("A long command goes in one piece where the card takes extended length")
  func extendedCommand() async throws {
    var long = command
    long.data = [UInt8](repeating: 0x55, count: 300)
    let card = try ScriptedChannel([[0x90, 0x00]], extended: true)
    _ = try await card.exchange(long, policy: policy, deadline: deadline)
    #expect(await card.received == [long])
  }

  @Test("A command chain stops at the first refusal")
  func chainRefused() async throws {
    var long = command
    long.data = [UInt8](repeating: 0x55, count: 600)
    let card = try ScriptedChannel([[0x90, 0x00], [0x68, 0x84]])
    let response = try await card.exchange(long, policy: policy, deadline: deadline)
    #expect(response.statusWord == .commandChainingNotSupported)
    #expect(await card.received.count == 2)
  }

  @Test("A part answered as if it were the whole is a protocol violation")
  func partAnswered() async throws {
    var long = command
    long.data = [UInt8](repeating: 0x55, count: 300)
    for answer in [[0x61, 0x05], [0x6C, 0x05]] as [[UInt8]] {
      let card = try ScriptedChannel([answer], thenForever: [0x90, 0x00])
      await #expect(throws: CardError(.protocolViolation(.brokenCommandChain))) {
        try await card.exchange(long, policy: policy, deadline: deadline)
      }
    }
  }

  @Test("More data than any command holds is refused before anything is sent")
  func tooLong() async throws {
    var long = command
    long.data = [UInt8](repeating: 0x55, count: 65_536)
    let card = try ScriptedChannel([], thenForever: [0x90, 0x00])
    await #expect(throws: CardError(.commandNotEncodable(.dataTooLong(count: 65_536)))) {
      try await card.exchange(long, policy: policy, deadline: deadline)
    }
    #expect(await card.received.isEmpty)
  }

  @Test("A card lost inside a chain may have run the command, whatever became of the last one")
  func lostInChain() async throws {
    let lost = CardError(.removed, commandMayHaveRun: false)
    let card = try ScriptedChannel([[0x01, 0x61, 0xFF]], thenFailing: lost)
    await #expect(throws: CardError(.removed, commandMayHaveRun: true)) {
      try await card.exchange(command, policy: policy, deadline: deadline)
    }
    let first = try ScriptedChannel([], thenFailing: lost)
    await #expect(throws: lost) {
      try await first.exchange(command, policy: policy, deadline: deadline)
    }
  }

  @Test("An answer without a status word is a malformed response")
  func malformed() async throws {
    let card = try ScriptedChannel([[0x90]])
    await #expect(throws: CardError(.malformedResponse(.responseTooShort(count: 1)))) {
      try await card.exchange(command, policy: policy, deadline: deadline)
    }
  }
}

import Reader
import Synchronization
import Testing

@testable import USBBench

/// Readers that are there and do not work, and what may be done to them.
@Suite("Recovery over USB", .serialized)
struct RecoveryTests {
  private static let code = BenchConnection.code

  private let card: SimulatedCard
  private let bench: USBBench

  init() throws {
    card = try BenchConnection.card()
    bench = try USBBench()
  }

  private func smartotp(_ arguments: String...) async throws -> ProgramUnderTest.Result {
    try await ProgramUnderTest.run("smartotp", arguments, on: bench)
  }

  @Test("An ACR122U that only a reset revives is reset, and gives its code")
  func reset() async throws {
    let hardware = try bench.attach(.acr122u, cards: [card])
    // libnfc's own, at opening it twice, are not enough.
    hardware.wedge(.untilReset(3))
    let result = try await smartotp("code", "-r", "usb:1-1", "--at", "0")
    #expect(
      result
        == .init(
          status: 0, output: "\(Self.code)\n",
          errors: "smartotp: usb:1-1 did not answer: USB reset\n"))
    #expect(hardware.resets > 3 && hardware.powerCycles == 0)
  }

  @Test("An ACR122U that only power revives is switched off and on, where the port has a switch")
  func power() async throws {
    let hardware = try bench.attach(.acr122u, cards: [card])
    try hardware.setPowerSwitch(true)
    hardware.wedge(.untilPowerOff)
    let result = try await smartotp("code", "-r", "usb:1-1", "--at", "0")
    #expect(
      result
        == .init(
          status: 0, output: "\(Self.code)\n",
          errors: """
            smartotp: usb:1-1 did not answer: USB reset
            smartotp: usb:1-1 did not answer: power of its port off and on

            """))
    #expect(hardware.powerCycles == 1)
  }

  @Test("Without a switch it is said to be silent within the time for opening")
  func noSwitch() async throws {
    let hardware = try bench.attach(.acr122u, cards: [card])
    hardware.wedge(.untilPowerOff)
    let start = ContinuousClock.now
    let result = try await smartotp("code", "-r", "usb:1-1", "--at", "0")
    #expect(result.status == 69 && result.output.isEmpty)
    #expect(result.errors.contains("nothing that answers as a reader at acr122_usb:001:002"))
    #expect(start.duration(to: .now) < .seconds(9))
    #expect(hardware.powerCycles == 0)
  }

  @Test("A PN533 stick that does not answer is never reset nor switched off")
  func forbidden() async throws {
    let hardware = try bench.attach(.pn533, cards: [card])
    try hardware.setPowerSwitch(true)
    hardware.wedge(.untilReset(1))
    let result = try await smartotp("code", "-r", "usb:1-1", "--at", "0")
    #expect(result.status == 69 && result.output.isEmpty)
    #expect(!result.errors.contains("did not answer"))
    // And while a connection is kept that had worked before.
    try replug(hardware)
    let connection = try BenchConnection(to: "usb:1-1", on: bench)
    #expect(try await connection.tap() == Self.code)
    hardware.wedge(.untilReset(1))
    await #expect(throws: (any Error).self) { try await connection.tap() }
    #expect(hardware.resets == 0 && hardware.powerCycles == 0)
    try replug(hardware)
    #expect(try await connection.tap() == Self.code)
    await connection.reader.close()
  }

  private func replug(_ hardware: SimulatedUSBReader) throws {
    hardware.unplug()
    try hardware.plugIn()
  }

  @Test("A reader that another program uses is said to be in use, and nothing is done to it")
  func inUse() async throws {
    let hardware = try bench.attach(.acr122u, cards: [card])
    try hardware.setPowerSwitch(true)
    let poll = try ProgramUnderTest("smartotp", ["poll", "-r", "usb:1-1"], on: bench)
    _ = await poll.nextOutput()
    let before = hardware.resets
    let result = try await smartotp("code", "-r", "usb:1-1", "--at", "0")
    #expect(result.status == 74 && result.errors.contains("is held by process"))
    #expect(hardware.resets == before && hardware.powerCycles == 0)
    hardware.remove(card)
    #expect(await poll.nextOutput().hasPrefix("card-left"))
    poll.interrupt()
    _ = try await poll.end()
  }

  @Test("The list of readers does nothing to any of them")
  func list() async throws {
    let hardware = try bench.attach(.acr122u)
    try hardware.setPowerSwitch(true)
    hardware.wedge(.untilPowerOff)
    let result = try await smartotp("readers")
    #expect(!result.errors.contains("did not answer") && hardware.powerCycles == 0)
  }

  @Test(
    "An answer of an earlier time is read away, and nothing after it is one late",
    arguments: ReaderModel.allCases)
  func lateAnswer(_ model: ReaderModel) async throws {
    let hardware = try bench.attach(model, cards: [card])
    hardware.addLateAnswer()
    let connection = try BenchConnection(to: "usb:1-1", on: bench)
    #expect(try await connection.tap() == Self.code)
    await connection.reader.close()
    // The same without the table's word.
    hardware.addLateAnswer()
    let careless = try BenchConnection(to: "usb:1-1", on: bench, recovery: .cautious)
    await #expect(throws: (any Error).self) {
      try await careless.reader.open(deadline: .now + .seconds(10))
    }
    await careless.reader.close()
  }

  @Test("An ACR122U is left powered: closing it sends no PowerDown, nor does anything else")
  func leftPowered() async throws {
    let hardware = try bench.attach(.acr122u, cards: [card])
    let powerDowns = Mutex(0)
    hardware.observe { record in
      guard record.pipe == .output, let message = CCIDMessage(record.bytes) else { return }
      if message.data.dropFirst(5).starts(with: [0xD4, 0x16]) { powerDowns.withLock { $0 += 1 } }
    }
    for _ in 0..<2 {
      let connection = try BenchConnection(to: "usb:1-1", on: bench)
      #expect(try await connection.tap() == Self.code)
      await #expect(throws: ReaderError.self) {
        try await connection.reader.chipCommand([0x16, 0xF0], deadline: .now + .seconds(5))
      }
      await connection.reader.close()
    }
    hardware.observe(nil)
    #expect(powerDowns.withLock { $0 } == 0)
  }

  @Test("An ACR122U whose chip was powered down is dead until it is replugged")
  func poweredDown() async throws {
    let hardware = try bench.attach(.acr122u, cards: [card])
    let connection = try BenchConnection(to: "usb:1-1", on: bench, recovery: .cautious)
    _ = try await connection.reader.chipCommand([0x16, 0xF0], deadline: .now + .seconds(5))
    await connection.reader.close()
    await #expect(throws: (any Error).self) {
      try await connection.reader.open(deadline: .now + .seconds(10))
    }
    try replug(hardware)
    #expect(try await connection.tap() == Self.code)
    await connection.reader.close()
  }
}

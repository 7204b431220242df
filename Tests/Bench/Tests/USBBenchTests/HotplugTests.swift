import Reader
import ReaderUSB
import SmartCard
import Synchronization
import Testing
import USBBench

/// What a connection makes of its reader's coming and going.
@Suite("Hotplug", .serialized)
struct HotplugTests {
  private static let code = BenchConnection.code

  private let card: SimulatedCard
  private let bench: USBBench

  init() throws {
    card = try BenchConnection.card()
    bench = try USBBench()
  }

  @Test(
    "Unplugged while idle: reported at once, back with its next use",
    arguments: ReaderModel.allCases)
  func idle(_ model: ReaderModel) async throws {
    let hardware = try bench.attach(model, cards: [card])
    let connection = try BenchConnection(to: "usb:1-1", on: bench)
    #expect(try await connection.tap() == Self.code)
    hardware.unplug()
    #expect(await connection.loss() == .fault(.gone))
    #expect(connection.reader.state == .lost(.fault(.gone)))
    await #expect(throws: ReaderError.notFound("usb:1-1")) { try await connection.tap() }
    try hardware.plugIn()
    #expect(try await connection.tap() == Self.code)
    await connection.isBack()
    await connection.reader.close()
  }

  @Test(
    "Unplugged while a card is selected: the card is gone with it", arguments: ReaderModel.allCases)
  func selected(_ model: ReaderModel) async throws {
    let hardware = try bench.attach(model, cards: [card])
    let connection = try BenchConnection(to: "usb:1-1", on: bench)
    let active = try await connection.reader.awaitCard(deadline: .now + .seconds(10))
    hardware.unplug()
    #expect(await connection.loss() == .fault(.gone))
    await #expect(throws: CardError(.reader(.gone), commandMayHaveRun: false)) {
      try await active.transmit(
        CommandAPDU(cla: 0, ins: 0xA4, p1: 4, p2: 0), deadline: .now + .seconds(10))
    }
    try hardware.plugIn()
    #expect(try await connection.tap() == Self.code)
    await connection.reader.close()
  }

  @Test(
    "Unplugged while polling: said, waited for, and said again", arguments: ReaderModel.allCases)
  func polling(_ model: ReaderModel) async throws {
    let hardware = try bench.attach(model, cards: [card])
    let connection = try BenchConnection(to: "usb:1-1", on: bench)
    var seen: [String] = []
    for await event in connection.reader.cardEvents(until: .now + .seconds(60)) {
      switch event {
      case .entered:
        seen.append("entered")
        if seen.count == 1 { hardware.unplug() }
      case .readerLost(let error):
        #expect(error == .fault(.gone))
        seen.append("lost")
        try hardware.plugIn()
      case .readerBack: seen.append("back")
      default: seen.append("\(event)")
      }
      if seen.count == 4 { break }
    }
    #expect(seen == ["entered", "lost", "back", "entered"])
    await connection.reader.close()
  }

  @Test(
    "Unplugged in the middle of an APDU: gone at once, and back when it is back",
    arguments: ReaderModel.allCases)
  func exchange(_ model: ReaderModel) async throws {
    let hardware = try bench.attach(model, cards: [card])
    let connection = try BenchConnection(to: "usb:1-1", on: bench)
    #expect(try await connection.tap() == Self.code)
    hardware.arm(TransferFault(.vanish(.during, returnsAfter: nil), pipe: .input, index: 1))
    await #expect(throws: (any Error).self) { try await connection.tap() }
    #expect(await connection.loss() == .fault(.gone))
    try hardware.plugIn()
    #expect(try await connection.tap() == Self.code)
    await connection.reader.close()
  }

  @Test(
    "A counter's code is not asked for twice, wherever the reader goes; the next is the next",
    arguments: ReaderModel.allCases)
  func counter(_ model: ReaderModel) async throws {
    let card = try SimulatedCard.with("hotp=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ,hotp")
    let codes = ["755224", "287082", "359152", "969429"]
    let hardware = try bench.attach(model, cards: [card])
    let connection = try BenchConnection(to: "usb:1-1", on: bench)
    #expect(try await connection.tap() == codes[0])
    // The last transfer of a tap brings the code.
    hardware.resetCounts()
    #expect(try await connection.tap() == codes[1])
    let transfers = hardware.counts.input
    hardware.arm(
      TransferFault(.vanish(.after, returnsAfter: nil), pipe: .input, index: transfers - 2))
    let given = try? await connection.tap()
    #expect(given == nil || given == codes[2])
    // It may have gone only while the card was let go of.
    _ = await connection.loss()
    try hardware.plugIn()
    #expect(
      try await connection.tap() == codes[given == nil && card.credentials[0].counter == 3 ? 2 : 3])
    #expect(card.credentials[0].counter <= 4)
    await connection.reader.close()
  }

  @Test(
    "In another port: lost for whoever named the port, found by whoever did not",
    arguments: ReaderModel.allCases)
  func otherPort(_ model: ReaderModel) async throws {
    let first = try bench.attach(model, cards: [card])
    let named = try BenchConnection(to: "usb:1-1", on: bench)
    let unnamed = try BenchConnection(
      to: first.connectionString ?? "", on: bench, isAnyReader: true)
    #expect(try await unnamed.tap() == Self.code)
    await unnamed.reader.close()
    #expect(try await named.tap() == Self.code)
    first.unplug()
    let second = try bench.attach(model, port: "1-2", cards: [card])
    #expect(await named.loss() == .fault(.gone))
    await #expect(throws: ReaderError.notFound("usb:1-1")) { try await named.tap() }
    #expect(named.reader.state == .lost(.notFound("usb:1-1")))
    #expect(try await unnamed.tap() == Self.code)
    await unnamed.reader.close()
    second.unplug()
    try first.plugIn()
    #expect(try await named.tap() == Self.code)
    await named.reader.close()
  }

  @Test("A bus reset between taps, during one and while polling costs an ACR122U nothing")
  func busReset() async throws {
    let hardware = try bench.attach(.acr122u, cards: [card])
    let connection = try BenchConnection(to: "usb:1-1", on: bench)
    #expect(try await connection.tap() == Self.code)
    hardware.resetBus()
    #expect(try await connection.tap() == Self.code)
    let active = try await connection.reader.awaitCard(deadline: .now + .seconds(10))
    hardware.resetBus()
    try await active.reactivate(deadline: .now + .seconds(10))
    var seen: [CardEvent] = []
    for await event in connection.reader.cardEvents(until: .now + .seconds(60)) {
      seen.append(event)
      switch seen.count {
      case 1:
        hardware.resetBus()
        hardware.remove(card)
      case 2: hardware.insert(card)
      default: break
      }
      if seen.count == 3 { break }
    }
    #expect(seen.count == 3 && seen[1] == .left && hardware.counts.all > 0)
    await connection.reader.close()
  }

  @Test("A bus reset that a PN533 stick does not survive is a loss until it is replugged")
  func deadlyBusReset() async throws {
    let hardware = try bench.attach(.pn533, cards: [card])
    let connection = try BenchConnection(to: "usb:1-1", on: bench)
    #expect(try await connection.tap() == Self.code)
    hardware.resetBus()
    #expect(await connection.loss() == .fault(.gone))
    try hardware.plugIn()
    #expect(try await connection.tap() == Self.code)
    #expect(hardware.resets == 0)
    await connection.reader.close()
  }

  @Test(
    "Taken by a driver of the kernel when it is back: that is said, and it is waited for",
    arguments: ReaderModel.allCases)
  func stolen(_ model: ReaderModel) async throws {
    let hardware = try bench.attach(model, cards: [card])
    let connection = try BenchConnection(to: "usb:1-1", on: bench)
    #expect(try await connection.tap() == Self.code)
    hardware.unplug()
    #expect(await connection.loss() == .fault(.gone))
    hardware.setKernelDriver("pn533_usb")
    try hardware.plugIn()
    await #expect(throws: ReaderError(.kernelDriver("pn533_usb"))) { try await connection.tap() }
    var events = connection.reader.cardEvents(until: .now + .seconds(60)).makeAsyncIterator()
    #expect(await events.next() == .readerLost(ReaderError(.kernelDriver("pn533_usb"))))
    hardware.setKernelDriver(nil)
    #expect(await events.next() == .readerBack)
    await connection.reader.close()
  }

  @Test("Taken by a driver of the kernel after a bus reset: that is said")
  func stolenAfterReset() async throws {
    let hardware = try bench.attach(.acr122u, cards: [card])
    let connection = try BenchConnection(to: "usb:1-1", on: bench)
    #expect(try await connection.tap() == Self.code)
    hardware.setKernelDriver("pn533_usb")
    #expect(hardware.boundDriver == nil)
    hardware.resetBus()
    #expect(hardware.boundDriver == "pn533_usb")
    await #expect(throws: ReaderError(.kernelDriver("pn533_usb"))) { try await connection.tap() }
    hardware.setKernelDriver(nil)
    #expect(try await connection.tap() == Self.code)
    await connection.reader.close()
  }
}

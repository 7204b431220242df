import Glibc
import Reader
import ReaderDriver
import Simulation
import SmartCard
import Testing

/// One after the other: they look at this process's children and descriptors.
@Suite("Readers", .serialized)
enum ReaderTests {}

extension ReaderTests {
  @Suite("A reader on the real libnfc")
  struct LibNFCReaderTests {
    static let programs: [DriverProgram] = [
      .installed, .thread(serve: { ReaderDriver.serve(input: $0, output: $1) }),
    ]

    @Test("A card is found, answers APDUs, and is let go", arguments: programs)
    func tap(program: DriverProgram) async throws {
      let field = try SimulatedField(program: program)
      try await field.reader.open(deadline: field.deadline)
      #expect(field.reader.state == .idle)
      #expect(field.reader.information?.chip == "PN532 1.6")
      let card = try await field.selectedCard()
      #expect(field.reader.state == .selected)
      #expect(await card.activation.isISODEP)
      let answer = try await card.transmit(SimulatedField.selectOATH, deadline: field.deadline)
      #expect(answer.statusWord == .success)
      card.release()
      #expect(field.reader.state == .idle)
      await field.reader.close()
      #expect(field.reader.state == .closed)
    }

    @Test(
      "The line is switched up as far as allowed", arguments: [115_200, 230_400, 460_800, 921_600])
    func lineSpeed(highest: UInt32) async throws {
      let field = try SimulatedField(highestLineSpeed: highest)
      try await field.reader.open(deadline: field.deadline)
      #expect(field.reader.information?.lineSpeed == highest)
      _ = try await field.selectedCard()
      await field.reader.close()
    }

    @Test(
      "A chip lost at a speed its line cannot carry is said so, and is back after a power cycle")
    func speedLost() async throws {
      let field = try SimulatedField(maximumSpeed: 460_800)
      await #expect(throws: ReaderError.speedLost(921_600)) {
        try await field.reader.open(deadline: field.deadline)
      }
      await field.reader.close()
      field.hardware.powerCycle()
      let careful = LibNFCReader(
        connstring: field.hardware.connectionString, highestLineSpeed: 460_800)
      try await careful.open(deadline: field.deadline)
      #expect(careful.information?.lineSpeed == 460_800)
      await careful.close()
    }

    @Test("A chip that was left at another speed is opened at that speed by its connstring")
    func namedSpeed() async throws {
      let field = try SimulatedField(highestLineSpeed: 460_800)
      try await field.reader.open(deadline: field.deadline)
      try SimulatedField.kill(try field.driverProcess(), SIGKILL)
      let reader = LibNFCReader(connstring: "pn532_uart:\(field.hardware.path):460800")
      try await reader.open(deadline: field.deadline)
      #expect(reader.information?.lineSpeed == 460_800)
      _ = try await reader.awaitCard(deadline: field.deadline)
      await reader.close()
    }

    @Test("A warm tap with one APDU costs two chip commands, letting go of the card one")
    func wireCost() async throws {
      let field = try SimulatedField()
      let first = try await field.selectedCard()
      let before = field.hardware.counters.commands
      first.release()
      let uid = await first.activation.uid
      let card = try await field.reader.awaitCard(expecting: uid, deadline: field.deadline)
      _ = try await card.transmit(SimulatedField.selectOATH, deadline: field.deadline)
      #expect(field.hardware.counters.commands - before == 3)
      await field.reader.close()
    }

    @Test("Two cards are reported as two, and the rest of them as usable afterwards")
    func severalCards() async throws {
      let other = Simulation.OATHCard(activation: .typeA(.isoDEP(uid: [4, 9, 9, 9, 9, 9, 9])))
      let field = try SimulatedField(cards: [Simulation.OATHCard(), other])
      await #expect(throws: ReaderError.severalCards(2)) { try await field.selectedCard() }
      field.hardware.remove(other)
      _ = try await field.selectedCard()
      await field.reader.close()
    }

    @Test("Cards of Type A and Type B at once are reported as two")
    func bothTypes() async throws {
      let other = Simulation.OATHCard(activation: .typeB(TypeBActivation()))
      let field = try SimulatedField(cards: [Simulation.OATHCard(), other])
      await #expect(throws: ReaderError.severalCards(2)) { try await field.selectedCard() }
      await field.reader.close()
    }

    @Test("A Type B card takes APDUs")
    func typeB() async throws {
      let field = try SimulatedField(
        cards: [Simulation.OATHCard(activation: .typeB(TypeBActivation()))])
      let card = try await field.selectedCard()
      let answer = try await card.transmit(SimulatedField.selectOATH, deadline: field.deadline)
      #expect(answer.statusWord == .success)
      await field.reader.close()
    }

    @Test("No card by the deadline is said so")
    func noCard() async throws {
      let field = try SimulatedField(cards: [])
      try await field.reader.open(deadline: field.deadline)
      await #expect(throws: ReaderError.noCard) {
        try await field.reader.awaitCard(deadline: .now + .milliseconds(200))
      }
      #expect(field.reader.state == .idle)
      await field.reader.close()
    }

    @Test("Waiting for a card ends when the task is cancelled")
    func cancellation() async throws {
      let field = try SimulatedField(cards: [])
      try await field.reader.open(deadline: field.deadline)
      let waiting = Task { try await field.reader.awaitCard(deadline: field.deadline) }
      waiting.cancel()
      await #expect(throws: ReaderError.cancelled) { _ = try await waiting.value }
      await field.reader.close()
    }

    @Test("Cards that enter and leave are reported")
    func events() async throws {
      let card = Simulation.OATHCard()
      let field = try SimulatedField(cards: [card])
      var seen: [String] = []
      for await event in field.reader.cardEvents(until: field.deadline) {
        switch event {
        case .entered(let cards):
          seen.append("entered \(cards.count)")
          field.hardware.remove(card)
        case .left:
          seen.append("left")
          if seen.count == 2 { field.hardware.insert(card) }
        case .clear: break
        case .malformedCardEntered, .readerLost, .readerBack, .failed: seen.append("\(event)")
        }
        if seen.count == 3 { break }
      }
      #expect(seen == ["entered 1", "left", "entered 1"])
      await field.reader.close()
    }

    @Test("A removed card is an error, and the next tap works")
    func removed() async throws {
      let card = Simulation.OATHCard()
      let field = try SimulatedField(cards: [card])
      let active = try await field.selectedCard()
      field.hardware.remove(card)
      await #expect(throws: CardError.self) {
        try await active.transmit(SimulatedField.selectOATH, deadline: field.deadline)
      }
      field.hardware.insert(card)
      let again = try await field.selectedCard()
      _ = try await again.transmit(SimulatedField.selectOATH, deadline: field.deadline)
      await field.reader.close()
    }

    @Test("An interrupted card is activated again; another one is refused")
    func reactivation() async throws {
      let card = Simulation.OATHCard()
      let field = try SimulatedField(cards: [card])
      let active = try await field.selectedCard()
      try await active.reactivate(deadline: field.deadline)
      _ = try await active.transmit(SimulatedField.selectOATH, deadline: field.deadline)
      field.hardware.remove(card)
      field.hardware.insert(
        Simulation.OATHCard(activation: .typeA(.isoDEP(uid: [4, 9, 9, 9, 9, 9, 9]))))
      await #expect(throws: CardError(.replaced)) {
        try await active.reactivate(deadline: field.deadline)
      }
      await field.reader.close()
    }

    @Test("A card of an earlier activation cannot speak for the present one")
    func staleCard() async throws {
      let field = try SimulatedField()
      let first = try await field.selectedCard()
      _ = try await field.selectedCard()
      await #expect(throws: CardError(.removed, commandMayHaveRun: false)) {
        try await first.transmit(SimulatedField.selectOATH, deadline: field.deadline)
      }
      await field.reader.close()
    }
  }

}

extension ReaderTests {
  @Suite("A driver that dies")
  struct DriverDeathTests {
    @Test(
      "A killed driver is an error at once, and the next tap works", arguments: [SIGKILL, SIGSEGV])
    func killed(signal: Int32) async throws {
      let field = try SimulatedField()
      let card = try await field.selectedCard()
      try SimulatedField.kill(try field.driverProcess(), signal)
      await #expect(throws: CardError.self) {
        try await card.transmit(SimulatedField.selectOATH, deadline: field.deadline)
      }
      try await card.reactivate(deadline: field.deadline)
      let answer = try await card.transmit(SimulatedField.selectOATH, deadline: field.deadline)
      #expect(answer.statusWord == .success)
      await field.reader.close()
    }

    @Test("A stopped driver costs its caller no more than the deadline, and is replaced")
    func stopped() async throws {
      let field = try SimulatedField()
      let card = try await field.selectedCard()
      let driver = try field.driverProcess()
      kill(driver, SIGSTOP)
      await #expect(throws: CardError(.deadlinePassed)) {
        try await card.transmit(SimulatedField.selectOATH, deadline: .now + .milliseconds(100))
      }
      try await card.reactivate(deadline: field.deadline)
      #expect(try field.driverProcess() != driver)
      await field.reader.close()
    }

    @Test("A chip left at a high speed by a killed program is found again by a new one")
    func leftAtHighSpeed() async throws {
      let field = try SimulatedField()
      try await field.reader.open(deadline: field.deadline)
      try SimulatedField.kill(try field.driverProcess(), SIGKILL)
      let next = LibNFCReader(connstring: field.hardware.connectionString)
      try await next.open(deadline: field.deadline)
      #expect(next.information?.lineSpeed == 921_600)
      await next.close()
    }

    @Test("No process is left of a closed reader")
    func nothingLeft() async throws {
      let field = try SimulatedField()
      try await field.reader.open(deadline: field.deadline)
      let driver = try field.driverProcess()
      await field.reader.close()
      #expect(!SimulatedField.children().contains(driver))
    }

    @Test("A missing driver program is said so")
    func missing() async {
      let reader = LibNFCReader(
        connstring: "pn532_uart:/dev/null", program: .process(path: "/nonexistent"))
      await #expect(throws: ReaderError.driverMissing("/nonexistent")) {
        try await reader.open(deadline: .now + .seconds(1))
      }
    }
  }
}

import Glibc
import Reader
import ReaderWire
import Simulation
import SmartCard
import Testing

extension ReaderTests {
  /// The driver under a user of its own: nobody but itself can end it.
  @Suite("A driver that is a service", .timeLimit(.minutes(1)))
  struct DriverServiceTests {
    /// A reader whose chip takes an exchange and never answers, and word of when it took one. The
    /// card asks for so much time that libnfc waits for seconds.
    private struct MuteExchange {
      static let code: UInt8 = 0x40
      let hardware: SimulatedReader
      let taken: AsyncStream<Void>

      init() throws {
        let (stream, taken) = AsyncStream.makeStream(of: Void.self)
        self.taken = stream
        let patient = CardActivation.typeA(.isoDEP(ats: [0x05, 0x78, 0x80, 0xE1, 0x00]))
        hardware = try SimulatedReader(cards: [Simulation.OATHCard(activation: patient)]) { frame in
          if frame.direction == .toChip, frame.isCommand(Self.code) { taken.yield() }
        }
      }

      func mute() { hardware.arm(Fault(.chip(code: Self.code, .mute), repeats: true)) }
      func waitUntilTaken() async { for await _ in taken { return } }
    }

    @Test("A card is read through a service, and its reader is free as soon as it is closed")
    func tap() async throws {
      let service = try ActivatedService()
      defer { service.remove() }
      let field = try SimulatedField(program: .socket(path: service.path))
      let card = try await field.selectedCard()
      let answer = try await card.transmit(SimulatedField.selectOATH, deadline: field.deadline)
      #expect(answer.statusWord == .success)
      await field.reader.close()
      let next = LibNFCReader(connstring: field.hardware.connectionString)
      try await next.open(deadline: field.deadline)
      await next.close()
      await service.end()
      #expect(service.started == 1)
    }

    @Test("A service killed in the middle of an exchange is an error, and the next tap works")
    func killed() async throws {
      let service = try ActivatedService()
      defer { service.remove() }
      let field = try MuteExchange()
      let reader = LibNFCReader(
        connstring: field.hardware.connectionString, program: .socket(path: service.path))
      let card = try await reader.awaitCard(deadline: .now + SimulatedField.soon)
      field.mute()
      let answer = Task {
        try await card.transmit(SimulatedField.selectOATH, deadline: .now + .seconds(60))
      }
      await field.waitUntilTaken()
      let driver = try #require(service.driver)
      try #require(kill(driver, SIGKILL) == 0)
      await #expect(throws: CardError(.reader(.driverExited(status: 0)), commandMayHaveRun: true)) {
        try await answer.value
      }
      field.hardware.disarm()
      try await card.reactivate(deadline: .now + SimulatedField.soon)
      let again = try await card.transmit(
        SimulatedField.selectOATH, deadline: .now + SimulatedField.soon)
      #expect(again.statusWord == .success)
      #expect(service.started == 2)
      await reader.close()
    }

    @Test("A stopped service costs its caller no more than the deadline, and ends once it goes on")
    func stopped() async throws {
      let service = try ActivatedService()
      defer { service.remove() }
      let field = try SimulatedField(program: .socket(path: service.path))
      let card = try await field.selectedCard()
      let driver = try #require(service.driver)
      kill(driver, SIGSTOP)
      await #expect(throws: CardError(.deadlinePassed)) {
        try await card.transmit(SimulatedField.selectOATH, deadline: .now + .milliseconds(100))
      }
      await field.reader.close()
      kill(driver, SIGCONT)
      await service.end()
      _ = try await field.selectedCard()
      #expect(service.started == 2)
      await field.reader.close()
    }

    /// Without its own watch on the connection, the driver would wait for the card as long as that may
    /// take, 5 s, and then hand the chip back.
    @Test("A service ends by itself soon after its program is gone, even one that hangs in libnfc")
    func abandoned() async throws {
      let service = try ActivatedService()
      defer { service.remove() }
      let field = try MuteExchange()
      let connection = try service.connection()
      send(
        [
          .open(connstring: field.hardware.connectionString, highestSpeed: 115_200, lastSpeed: 0),
          .awaitCards(expectedUID: []),
        ], on: connection)
      field.mute()
      send([.exchange(try SimulatedField.selectOATH.encoded())], on: connection)
      await field.waitUntilTaken()
      close(connection)
      await service.end()
      let last = field.hardware.frames.last { $0.direction == .toChip && $0.kind == .information }
      #expect(last?.isCommand(MuteExchange.code) == true)
    }

    private func send(_ operations: [DriverRequest.Operation], on connection: Int32) {
      for (id, operation) in operations.enumerated() {
        let frame = DriverRequest(id: UInt32(id), budget: 600_000_000, operation).frame
        _ = write(connection, frame, frame.count)
      }
    }

    @Test("A socket that is not there, or that nobody answers at, is named with what to do")
    func unreachable() async throws {
      let service = try ActivatedService()
      defer { service.remove() }
      service.stop()
      for (path, code) in [(service.path, ECONNREFUSED), ("/nonexistent/reader.sock", ENOENT)] {
        let reader = LibNFCReader(
          connstring: "pn532_uart:/dev/null", program: .socket(path: path))
        let expected = ReaderError.serviceUnreachable(socket: path, code: code)
        await #expect(throws: expected) { try await reader.open(deadline: .now + .seconds(1)) }
        #expect(expected.explanation.contains(path))
        #expect(expected.explanation.contains("systemctl status smartotp-reader.socket"))
      }
    }

    @Test("A socket's path longer than the system takes is an error")
    func longPath() async {
      let path = "/" + String(repeating: "x", count: 200)
      let reader = LibNFCReader(connstring: "pn532_uart:/dev/null", program: .socket(path: path))
      await #expect(throws: ReaderError.serviceUnreachable(socket: path, code: ENAMETOOLONG)) {
        try await reader.open(deadline: .now + .seconds(1))
      }
    }
  }
}

extension FrameRecord {
  /// Whether this is a command to the chip with this code.
  fileprivate func isCommand(_ code: UInt8) -> Bool {
    zip(bytes, bytes.dropFirst()).contains { $0 == 0xD4 && $1 == code }
  }
}

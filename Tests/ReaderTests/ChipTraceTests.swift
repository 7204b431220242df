import Glibc
import PN53x
import Reader
import ReaderDriver
import ReaderWire
import Simulation
import SmartCard
import Synchronization
import Testing

extension ReaderTests {
  @Suite("The trace of chip commands")
  struct ChipTraceTests {
    private static let select = SimulatedField.selectOATH

    /// One tap after the first, as the driver's messages and the observer's events tell it.
    private func warmTap(
      observer: AirObserver?
    ) async throws -> (messages: [DriverMessage], requests: Int) {
      let hardware = try SimulatedReader(cards: [Simulation.OATHCard()])
      let tap = WireTap()
      let reader = LibNFCReader(
        connstring: hardware.connectionString, program: .thread(serve: tap.serve),
        observer: observer)
      let soon = ContinuousClock.now + SimulatedField.soon
      let first = try await reader.awaitCard(deadline: soon)
      _ = try await first.transmit(Self.select, deadline: soon)
      let before = tap.messages.count
      let requestsBefore = tap.requests
      let card = try await reader.awaitCard(expecting: first.activation.uid, deadline: soon)
      _ = try await card.transmit(Self.select, deadline: soon)
      let messages = tap.messages.dropFirst(before)
      let requests = tap.requests - requestsBefore
      await reader.close()
      return (Array(messages), requests)
    }

    @Test("A tap that nobody traces costs one message a request, and none for the chip")
    func untraced() async throws {
      for observer in [nil, AirObserver { _ in }] {
        let (messages, requests) = try await warmTap(observer: observer)
        #expect(messages.count == 2)
        #expect(requests == 2)
        #expect(!messages.contains { $0.isChip })
      }
    }

    @Test("A traced tap costs one message more for each chip command, and no request")
    func traced() async throws {
      let (messages, requests) = try await warmTap(observer: AirObserver(chip: { _ in }) { _ in })
      #expect(messages.map(\.isChip) == [true, false, true, false])
      #expect(requests == 2)
    }

    @Test("Chip commands stand between the air events they led to, opening included")
    func order() async throws {
      let story = Mutex<[String]>([])
      let field = try SimulatedReader(cards: [Simulation.OATHCard()])
      let observer = AirObserver(
        chip: { exchange in story.withLock { $0.append("chip \(exchange.command[0])") } },
        { event in
          let word =
            switch event {
            case .activated: "activated"
            case .command: "command"
            case .response: "response"
            case .lost: "lost"
            }
          story.withLock { $0.append(word) }
        })
      let reader = LibNFCReader(
        connstring: field.connectionString, highestLineSpeed: 115_200, observer: observer)
      let soon = ContinuousClock.now + SimulatedField.soon
      let card = try await reader.awaitCard(deadline: soon)
      _ = try await card.transmit(Self.select, deadline: soon)
      card.release()
      await reader.close()
      let told = story.withLock { $0 }
      let opening = ["chip 2", "chip 50", "chip 50"]
      #expect(told.starts(with: opening))
      // Type B is looked for first on a reader that was just opened.
      #expect(
        told.dropFirst(3).dropLast(2) == [
          "chip 74", "chip 74", "activated", "command", "chip 64", "response", "lost",
        ])
      // Letting go has no answer that closing would wait for.
      #expect(told.suffix(2).sorted() == ["chip 82", "lost"])
    }

    @Test("An exchange has its answer, its status and its time")
    func outcomes() async throws {
      let exchanges = Mutex<[ChipExchange]>([])
      let card = Simulation.OATHCard()
      let field = try SimulatedReader(cards: [card])
      let reader = LibNFCReader(
        connstring: field.connectionString,
        observer: AirObserver(chip: { exchange in exchanges.withLock { $0.append(exchange) } }) {
          _ in
        })
      let soon = ContinuousClock.now + SimulatedField.soon
      let active = try await reader.awaitCard(deadline: soon)
      let answer = try await active.transmit(Self.select, deadline: soon)
      field.remove(card)
      await #expect(throws: CardError.self) {
        try await active.transmit(Self.select, deadline: soon)
      }
      await reader.close()
      let sent = exchanges.withLock { $0.filter { $0.command.first == 0x40 } }
      #expect(sent.map(\.command) == [[0x40, 0x01] + (try Self.select.encoded())].repeated(2))
      #expect(sent.first?.outcome == .answer([0x00] + answer.encoded()))
      #expect(sent.last?.outcome == .status(0x01))
      #expect(sent.allSatisfy { $0.microseconds > 0 })
    }

    @Test("A driver that reports chip commands unasked is not believed any more")
    func unasked() async throws {
      let program = DriverProgram.thread { input, output in
        var buffer = [UInt8](repeating: 0, count: 4096)
        guard read(input, &buffer, buffer.count) > 0 else { return }
        let exchange = ChipExchange(command: [2], outcome: .status(1), microseconds: 1)
        let frame = DriverMessage.chip(id: 1, exchange).frame
        _ = write(output, frame, frame.count)
        while read(input, &buffer, buffer.count) > 0 {}
      }
      let reader = LibNFCReader(connstring: "pn532_uart:/dev/null", program: program)
      await #expect(throws: ReaderError.fault(.driverNonsense)) {
        try await reader.open(deadline: .now + SimulatedField.soon)
      }
      await reader.close()
    }
  }
}

extension Array {
  fileprivate func repeated(_ count: Int) -> [Element] {
    (0..<count).flatMap { _ in self }
  }
}

extension DriverMessage {
  fileprivate var isChip: Bool {
    if case .chip = self { true } else { false }
  }
}

/// A driver on threads, with an ear on what crosses its pipes.
private final class WireTap: Sendable {
  private struct State {
    var messages: [DriverMessage] = []
    var requests = 0
  }

  private let state = Mutex(State())

  /// What the driver said.
  var messages: [DriverMessage] { state.withLock { $0.messages } }
  /// How many requests with an answer it was sent.
  var requests: Int { state.withLock { $0.requests } }

  var serve: @Sendable (Int32, Int32) -> Void {
    { [self] input, output in
      var inner: [Int32] = [-1, -1]
      var outer: [Int32] = [-1, -1]
      guard pipe(&inner) == 0, pipe(&outer) == 0 else { return }
      let (driverInput, toDriver) = (inner[0], inner[1])
      let (fromDriver, driverOutput) = (outer[0], outer[1])
      let threads = [
        start {
          ReaderDriver.serve(input: driverInput, output: driverOutput)
          close(driverInput)
          close(driverOutput)
        },
        start { [self] in
          relay(fromDriver, output) { payload in
            guard let message = try? DriverMessage(decoding: payload) else { return }
            state.withLock { $0.messages.append(message) }
          }
          close(fromDriver)
        },
      ]
      relay(input, toDriver) { payload in
        guard let request = try? DriverRequest(decoding: payload) else { return }
        if request.operation.hasAnswer { state.withLock { $0.requests += 1 } }
      }
      close(toDriver)
      for thread in threads { pthread_join(thread, nil) }
    }
  }

  /// Passes frames on, each noted before, until the source ends.
  private func relay(_ source: Int32, _ sink: Int32, note: (ArraySlice<UInt8>) -> Void) {
    var frames = FrameBuffer()
    var chunk = [UInt8](repeating: 0, count: 8192)
    while true {
      let count = read(source, &chunk, chunk.count)
      guard count > 0 else { return }
      chunk.withUnsafeBytes {
        frames.append(UnsafeRawBufferPointer(rebasing: $0[..<count]))
      }
      while let payload = try? frames.next() { note(payload) }
      _ = write(sink, chunk, count)
    }
  }

  private func start(_ body: @escaping @Sendable () -> Void) -> pthread_t {
    let box = Unmanaged.passRetained(Body(body))
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().body()
        return nil
      }, box.toOpaque())
    return thread
  }

  private final class Body {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}

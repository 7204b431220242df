import PN53x
import ReaderWire
import Testing

@Suite("Frames between program and driver")
struct WireTests {
  static let requests: [DriverRequest.Operation] = [
    .list(intrusive: true),
    .open(connstring: "pn532_uart:/dev/x", highestSpeed: 921_600, lastSpeed: 0),
    .open(connstring: "", highestSpeed: 0, lastSpeed: 9600, care: [.drainFirst, .leavePowered]),
    .close, .awaitCards(expectedUID: [1, 2, 3, 4]),
    .watch, .exchange([0x00, 0xA4]),
    .reactivate(kind: 3, uid: [1, 2, 3, 4]),
    .release, .chipCommand([0x02]), .cancel, .traceChip,
  ]

  static let messages: [DriverMessage] = [
    .answer(id: 7, .done), .answer(id: 7, .connstrings(["a", "b"])),
    .answer(
      id: 7, .opened(OpenedReader(name: "n", firmware: [0x32, 1, 6, 7], lineSpeed: 115_200))),
    .answer(id: 7, .cards([DetectedCard(kind: 0, activation: [1, 2])])),
    .answer(id: .max, .bytes([0x90, 0x00])),
    .answer(
      id: 0, .failed(DriverFault(.line, code: -1, detail: "late", commandMayHaveRun: true))),
    .cardsEntered(id: 1, []), .cardsLeft(id: 1),
    .chip(
      id: 7, ChipExchange(command: [0x40, 1], outcome: .answer([0, 0x90, 0]), microseconds: .max)),
    .chip(id: 7, ChipExchange(command: [], outcome: .status(0x29), microseconds: 0)),
    .chip(id: 7, ChipExchange(command: [0x02], outcome: .noAnswer(code: -6), microseconds: 9)),
    .readerLeft,
  ]

  @Test("The longest answer of a chip crosses the pipe")
  func longestExchange() throws {
    let exchange = ChipExchange(
      command: [UInt8](repeating: 0x40, count: 265),
      outcome: .answer([UInt8](repeating: 0x5A, count: 66_000)), microseconds: 1)
    let frame = DriverMessage.chip(id: 1, exchange).frame
    var buffer = FrameBuffer()
    frame.withUnsafeBytes { buffer.append($0) }
    let payload = try #require(try buffer.next())
    #expect(try DriverMessage(decoding: payload) == .chip(id: 1, exchange))
  }

  @Test("Who only asks for something to happen waits for no answer")
  func unanswered() {
    let unanswered: [DriverRequest.Operation] = [.release, .cancel, .traceChip]
    #expect(Self.requests.filter { !$0.hasAnswer } == unanswered)
  }

  @Test("A request comes out as it went in", arguments: requests)
  func request(_ operation: DriverRequest.Operation) throws {
    let request = DriverRequest(id: 0x0102_0304, budget: .max, operation)
    #expect(try DriverRequest(decoding: request.encoded()[...]) == request)
  }

  @Test("A message comes out as it went in", arguments: messages)
  func message(_ message: DriverMessage) throws {
    #expect(try DriverMessage(decoding: message.encoded()[...]) == message)
  }

  @Test("A frame cut anywhere is refused", arguments: messages)
  func cut(_ message: DriverMessage) {
    let bytes = message.encoded()
    for length in 0..<bytes.count {
      #expect(throws: WireError.self) { try DriverMessage(decoding: bytes[..<length]) }
    }
    #expect(throws: WireError.trailingBytes(1)) { try DriverMessage(decoding: (bytes + [0])[...]) }
  }

  @Test("Every kind of fault crosses the pipe", arguments: DriverFault.Kind.allCases)
  func fault(_ kind: DriverFault.Kind) throws {
    let message = DriverMessage.answer(id: 1, .failed(DriverFault(kind)))
    #expect(try DriverMessage(decoding: message.encoded()[...]) == message)
  }

  @Test("Frames are cut wherever the pieces end")
  func pieces() throws {
    let payloads = Self.messages.map { $0.encoded() }
    let stream = Self.messages.flatMap(\.frame)
    for size in 1...17 {
      var buffer = FrameBuffer()
      var received: [[UInt8]] = []
      var rest = stream[...]
      while !rest.isEmpty {
        let piece = Array(rest.prefix(size))
        rest = rest.dropFirst(size)
        piece.withUnsafeBytes { buffer.append($0) }
        while let payload = try buffer.next() { received.append(Array(payload)) }
      }
      #expect(received == payloads)
    }
  }

  @Test("A length out of bounds is refused before anything is kept")
  func tooLong() {
    var buffer = FrameBuffer()
    [UInt8]([0x00, 0x01, 0x11, 0x71]).withUnsafeBytes { buffer.append($0) }
    #expect(throws: WireError.tooLong(70_001)) { try buffer.next() }
  }

  @Test("Any bytes decode to a value or an error")
  func fuzz() {
    var random = SystemRandomNumberGenerator()
    let seeds =
      Self.messages.map { $0.encoded() }
      + Self.requests.map {
        DriverRequest(id: 1, budget: 1, $0).encoded()
      }
    for _ in 0..<100_000 {
      var bytes = seeds[Int.random(in: 0..<seeds.count, using: &random)]
      for _ in 0..<3 {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(
          in: 0...255, using: &random)
      }
      _ = try? DriverMessage(decoding: bytes[...])
      _ = try? DriverRequest(decoding: bytes[...])
    }
  }
}

import OTPCard
import Reader
import SmartCard
import Synchronization
import Testing

@testable import USBBench

/// A connection kept by a program while things happen on the bus.
@Suite("A connection over USB", .serialized)
struct ConnectionTests {
  private static let code = "755224"
  private static let soon = Duration.seconds(10)

  private let card: SimulatedCard
  private let bench: USBBench
  private let hardware: SimulatedUSBReader
  private let program: DriverProgram

  init() throws {
    card = try .with("totp=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    bench = try USBBench()
    hardware = try bench.attach(.acr122u)
    program = try Self.program(bench)
  }

  private static func program(_ bench: USBBench) throws -> DriverProgram {
    guard case .process(let path, _) = DriverProgram.installed else {
      throw ReaderError.driverMissing("")
    }
    return .process(path: path, environment: bench.environment)
  }

  private func connection(to hardware: SimulatedUSBReader? = nil) -> LibNFCReader {
    let hardware = hardware ?? self.hardware
    return LibNFCReader(
      connstring: "test", program: program, locate: { hardware.connectionString })
  }

  /// A tap; RFC 4226's first code, which is TOTP's at time 0.
  private func tap(_ reader: LibNFCReader) async throws -> String {
    let deadline = ContinuousClock.now + Self.soon
    let card = try await reader.awaitCard(deadline: deadline)
    let code = try await OTPCard.OATHCard(card).code(
      matching: nil, at: 0, deadline: deadline)
    card.release()
    return code.code.digitsText
  }

  @Test("Cards are seen entering and leaving", arguments: ReaderModel.allCases)
  func presence(_ model: ReaderModel) async throws {
    let hardware = model == .acr122u ? hardware : try bench.attach(model, port: "1-2")
    let reader = connection(to: hardware)
    hardware.insert(card)
    var events: [CardEvent] = []
    for await event in reader.cardEvents(until: .now + .seconds(60)) {
      events.append(event)
      if case .entered = event { hardware.remove(card) } else { hardware.insert(card) }
      if events.count == 3 { break }
    }
    let isEntering = events.map { event in
      if case .entered(let cards) = event { cards.count == 1 } else { false }
    }
    #expect(isEntering == [true, false, true] && events[1] == .left)
    await reader.close()
  }

  @Test("A reader unplugged in the middle of an APDU is gone at once, and back when it is back")
  func replug() async throws {
    hardware.insert(card)
    let reader = connection()
    #expect(try await tap(reader) == Self.code)
    hardware.arm(TransferFault(.vanish(.during, returnsAfter: nil), pipe: .input, index: 1))
    await #expect(throws: (any Error).self) { try await tap(reader) }
    #expect(hardware.connectionString == nil)
    await #expect(throws: ReaderError.notFound("test")) { try await tap(reader) }
    guard case .lost = reader.state else {
      Issue.record("state \(reader.state)")
      return
    }
    try hardware.plugIn()
    #expect(try await tap(reader) == Self.code)
    #expect(hardware.connectionString == "acr122_usb:001:003")
    await reader.close()
  }

  @Test("A reader that went and came back while nobody asked it is used as if nothing had been")
  func replugWhileIdle() async throws {
    hardware.insert(card)
    let reader = connection()
    #expect(try await tap(reader) == Self.code)
    hardware.unplug()
    try hardware.plugIn()
    #expect(try await tap(reader) == Self.code)
    hardware.unplug()
    await #expect(throws: ReaderError.fault(.gone)) { try await tap(reader) }
    await #expect(throws: ReaderError.notFound("test")) { try await tap(reader) }
    await reader.close()
  }

  @Test("A closed reader can be opened again, by others too")
  func reopen() async throws {
    hardware.insert(card)
    let first = connection()
    #expect(try await tap(first) == Self.code)
    await first.close()
    let second = connection()
    #expect(try await tap(second) == Self.code)
    await second.close()
    #expect(try await tap(first) == Self.code)
    await first.close()
  }

  @Test("A reader unplugged while it looks for cards is reported, and that is the end of it")
  func unplugWhilePolling() async throws {
    hardware.insert(card)
    let reader = connection()
    var events: [CardEvent] = []
    for await event in reader.cardEvents(until: .now + .seconds(60)) {
      events.append(event)
      hardware.unplug()
    }
    #expect(events.count == 2 && events.last == .failed(.fault(.gone)))
    await reader.close()
  }

  @Test("After a disturbed transfer the reader must echo what it is sent, or it is opened afresh")
  func lateAnswer() async throws {
    hardware.insert(card)
    let reader = connection()
    #expect(try await tap(reader) == Self.code)
    let commands = Mutex<[[UInt8]]>([])
    hardware.observe { record in
      guard record.pipe == .output, let message = CCIDMessage(record.bytes) else { return }
      commands.withLock { $0.append(Array(message.data.dropFirst(5))) }
    }
    hardware.arm(TransferFault(.disturbed, pipe: .input, index: 2))
    #expect(try await tap(reader) == Self.code)
    hardware.observe(nil)
    #expect(hardware.transferFaultsFired == 1)
    // What the disturbed one had to say came for the echo: so all was begun anew.
    let sent = commands.withLock { $0 }
    let echo = try #require(sent.firstIndex { $0.starts(with: [0xD4, 0x00, 0x00]) })
    #expect(sent[(echo + 1)...].first == [] && sent.count { $0.starts(with: [0xD4, 0x4A]) } > 1)
    await reader.close()
  }

  @Test("An answer an ACR122U cannot bring through libnfc is said to be the reader's limit")
  func longAnswer() async throws {
    let names = (0..<9).map { "a-name-of-some-length-number-\($0)=GEZDGNBVGY3TQOJQ" }
    hardware.insert(try SimulatedCard.with(names))
    let reader = connection()
    await #expect(throws: OATHError.card(.init(.reader(.unsupported), commandMayHaveRun: true))) {
      try await tap(reader)
    }
    await reader.close()
  }
}

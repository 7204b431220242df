import OTPCard
import Reader
import SmartCard
import Synchronization
import Testing

@testable import USBBench

/// A connection kept by a program while things happen on the bus.
@Suite("A connection over USB", .serialized)
struct ConnectionTests {
  private static let code = BenchConnection.code

  private let card: SimulatedCard
  private let bench: USBBench
  private let hardware: SimulatedUSBReader

  init() throws {
    card = try BenchConnection.card()
    bench = try USBBench()
    hardware = try bench.attach(.acr122u)
  }

  private func connection(to hardware: SimulatedUSBReader? = nil) throws -> LibNFCReader {
    try BenchConnection(to: "usb:\((hardware ?? self.hardware).port)", on: bench).reader
  }

  private func tap(_ reader: LibNFCReader) async throws -> String {
    try await BenchConnection.tap(reader)
  }

  @Test("Cards are seen entering and leaving", arguments: ReaderModel.allCases)
  func presence(_ model: ReaderModel) async throws {
    let hardware = model == .acr122u ? hardware : try bench.attach(model, port: "1-2")
    let reader = try connection(to: hardware)
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

  @Test("A closed reader can be opened again, by others too")
  func reopen() async throws {
    hardware.insert(card)
    let first = try connection()
    #expect(try await tap(first) == Self.code)
    await first.close()
    let second = try connection()
    #expect(try await tap(second) == Self.code)
    await second.close()
    #expect(try await tap(first) == Self.code)
    await first.close()
  }

  @Test("After a disturbed transfer the reader must echo what it is sent, or it is opened afresh")
  func lateAnswer() async throws {
    hardware.insert(card)
    let reader = try connection()
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
    let reader = try connection()
    await #expect(throws: OATHError.card(.init(.reader(.unsupported), commandMayHaveRun: true))) {
      try await tap(reader)
    }
    await reader.close()
  }
}

import Foundation
import Simulation
import Testing

@Suite("libnfc's own programs on the simulated reader", .enabled(if: Program.exists("nfc-list")))
struct LibnfcTests {
  private func list(_ reader: SimulatedReader, _ types: String = "1023") throws -> String {
    try Program.run("nfc-list", ["-t", types], ["LIBNFC_DEVICE": reader.connectionString])
  }

  @Test("nfc-list finds the card and decodes its activation")
  func listing() throws {
    let reader = try SimulatedReader(cards: [OATHCard()])
    let output = try list(reader)
    #expect(output.contains("1 ISO14443A passive target(s) found"))
    #expect(output.contains("UID (NFCID1): 04  a2  3b  1c  5d  6e  80"))
    #expect(output.contains("ATS: 78  80  81  00"))
  }

  @Test("nfc-list tells several cards apart, of both types and without layer 4")
  func severalCards() throws {
    let reader = try SimulatedReader(cards: [
      OATHCard(), MIFAREClassicCard(), OATHCard(activation: .typeB(TypeBActivation())),
    ])
    let output = try list(reader)
    #expect(output.contains("2 ISO14443A passive target(s) found"))
    #expect(output.contains("UID (NFCID1): 2c  8e  41  9b"))
    #expect(output.contains("1 ISO14443B passive target(s) found"))
    #expect(output.contains("PUPI: 1b  3c  5d  7e"))
  }

  @Test("At a speed the chip does not have libnfc cannot open it, and can again at the right one")
  func wrongSpeed() throws {
    let reader = try SimulatedReader(cards: [OATHCard()])
    let wrong = "pn532_uart:\(reader.path):460800"
    #expect(try !Program.run("nfc-list", ["-t", "1"], ["LIBNFC_DEVICE": wrong]).contains("found"))
    #expect(try list(reader, "1").contains("1 ISO14443A"))
  }

  @Test("A lost acknowledgement at open keeps libnfc from opening; the next open succeeds")
  func faultAtOpen() throws {
    let reader = try SimulatedReader(cards: [OATHCard()])
    reader.arm(.line(.toHost, frame: 0, kind: .acknowledge, byte: 3, .drop))
    #expect(try !list(reader, "1").contains("found"))
    #expect(reader.faultsFired == 1)
    #expect(try list(reader, "1").contains("1 ISO14443A"))
  }

  @Test("Several readers live side by side and end without a trace")
  func sideBySide() throws {
    let cards = (0..<4).map { number in
      OATHCard(activation: .typeA(.isoDEP(uid: [0x10, 0, 0, UInt8(number)])))
    }
    let readers = try cards.map { try SimulatedReader(cards: [$0]) }
    for (number, reader) in readers.enumerated() {
      #expect(try list(reader, "1").contains("10  00  00  0\(number)"))
    }
    let paths = readers.map(\.path)
    for reader in readers {
      reader.stop()
      reader.stop()
    }
    #expect(Set(paths).count == 4)
  }

  @Test("nfc-list opens the reader again and again, card or not")
  func reopening() throws {
    let card = OATHCard()
    let reader = try SimulatedReader()
    #expect(try !list(reader, "1").contains("found"))
    reader.insert(card)
    #expect(try list(reader, "1").contains("1 ISO14443A"))
    reader.remove(card)
    #expect(try !list(reader, "1").contains("found"))
  }
}

@Suite("A program that polls while cards come and go", .enabled(if: Program.exists("nfc-poll")))
struct PollingTests {
  @Test("nfc-poll sees the card that enters, and the end of it when it leaves")
  func enterAndLeave() async throws {
    let card = OATHCard()
    let reader = try SimulatedReader()
    let polling = Task.detached {
      try Program.run("nfc-poll", [], ["LIBNFC_DEVICE": reader.connectionString])
    }
    try await waitForCommand(0x60, reader)
    reader.insert(card)
    // The presence check is a raw frame.
    try await waitForCommand(0x42, reader)
    reader.remove(card)
    let output = try await polling.value
    #expect(output.contains("UID (NFCID1): 04  a2  3b  1c  5d  6e  80"))
    #expect(output.contains("done."))
  }

  private func waitForCommand(_ code: UInt8, _ reader: SimulatedReader) async throws {
    for _ in 0..<2_000 {
      let isThere = reader.frames.contains {
        $0.direction == .toChip && $0.kind == .information && $0.bytes.dropFirst(6).first == code
      }
      if isThere { return }
      try await Task.sleep(for: .milliseconds(5))
    }
    Issue.record("no command \(code) within ten seconds")
  }
}

/// A program of the system's, run to its end.
enum Program {
  static func exists(_ name: String) -> Bool { path(name) != nil }

  static func path(_ name: String) -> String? {
    ["/usr/bin/", "/usr/local/bin/"].map { $0 + name }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  static func run(
    _ name: String, _ arguments: [String], _ environment: [String: String] = [:]
  ) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: try #require(path(name)))
    process.arguments = arguments
    process.environment = ["LIBNFC_LOG_LEVEL": "0"].merging(environment) { $1 }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    return String(decoding: data, as: UTF8.self)
  }
}

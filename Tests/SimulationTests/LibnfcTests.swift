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

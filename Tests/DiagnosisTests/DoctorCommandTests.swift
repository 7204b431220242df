import Foundation
import Simulation
import Testing

@testable import Diagnosis

/// The program itself, on a simulated reader.
@Suite("smartotp doctor", .serialized)
struct DoctorCommandTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private func run(_ arguments: String...) throws -> (status: Int32, output: [Substring]) {
    let process = Process()
    process.executableURL = Bundle.main.bundleURL.appendingPathComponent("smartotp")
    process.arguments = ["doctor"] + arguments
    process.environment = [:]
    process.standardInput = FileHandle.nullDevice
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self).split(separator: "\n"))
  }

  private func object(_ text: some StringProtocol) throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any], "\(text)")
  }

  /// The parts of a schema that ours uses.
  private func check(_ object: [String: Any], against schema: [String: Any]) throws {
    let properties = try #require(schema["properties"] as? [String: [String: Any]])
    for name in try #require(schema["required"] as? [String]) { #expect(object[name] != nil) }
    for (name, value) in object {
      let property = try #require(properties[name], "\(name) is not in the schema")
      if let allowed = property["enum"] as? [AnyHashable] {
        #expect(allowed.contains(try #require(value as? AnyHashable)), "\(name): \(value)")
      }
      if let type = property["type"] as? String {
        #expect(type == "string" ? value is String : value is [String: Any], "\(name)")
      }
    }
  }

  @Test("Its JSON is what the published schema says, with reader and without")
  func schema() throws {
    let schema = try object(
      String(
        contentsOf: Self.folder.appending(path: "Hardware/doctor.schema.json"), encoding: .utf8))
    let definitions = try #require(schema["$defs"] as? [String: [String: Any]])
    let hardware = try SimulatedReader(cards: [OATHCard()])
    for reader in [hardware.connectionString, "pn532_uart:/dev/nothing"] {
      let (status, lines) = try run("--json", "--reader", reader)
      #expect(lines.count == Check.all.count + 1)
      for (line, expected) in zip(lines, Check.all) {
        let answer = try object(line)
        #expect(answer["check"] as? String == expected.id)
        try check(answer, against: try #require(definitions["check"]))
      }
      let verdict = try object(lines.last ?? "")
      try check(verdict, against: try #require(definitions["verdict"]))
      #expect(verdict["status"] as? Int == Int(status))
    }
  }

  @Test("The last line is the verdict; what passed shows only when asked for")
  func text() throws {
    let hardware = try SimulatedReader(cards: [OATHCard()])
    let brief = try run("--reader", hardware.connectionString)
    #expect(brief.status == 0)
    #expect(brief.output.last?.hasPrefix("\(hardware.connectionString) is ready") == true)
    let full = try run("-v", "--reader", hardware.connectionString)
    #expect(full.output.contains { $0.hasPrefix("ok    chip-rom:") })
    #expect(!brief.output.contains { $0.contains("chip-rom") })
  }

  @Test("A fault is told with cause, fix and where to read on, and in the status")
  func fault() throws {
    let (status, lines) = try run("--reader", "pn532_uart:/dev/nothing")
    #expect(status == 69)
    #expect(lines.contains("FAIL  reader-name: /dev/nothing is not there (from --reader)"))
    #expect(lines.contains("      more:  Hardware/troubleshooting.md#reader-name"))
    #expect(lines.last?.hasPrefix("Not ready: /dev/nothing is not there") == true)
  }

  @Test("Nothing is changed where nobody can be asked")
  func fix() throws {
    let hardware = try SimulatedReader()
    // Without anything to mend it need not ask.
    #expect([0, 64].contains(try run("--fix", "--reader", hardware.connectionString).status))
    #expect(try run("--fix", "--json").status == 64)
    #expect(try run("--yes").status == 64)
  }
}

import Foundation
import SmartCard
import TestMaterial
import Testing

@testable import Trace

/// Wireshark's own reading of our files.
@Suite(
  "Agreement with tshark",
  .enabled(if: Tshark.isInstalled, "tshark is not installed (Debian package tshark)"))
struct TsharkTests {
  /// Two taps: Type A with SELECT, a chained CALCULATE ALL and CALCULATE; Type B with SELECT.
  private func file(masking: Masking) throws -> [UInt8] {
    let file = TraceFile()
    var trace = AirTrace(masking: masking)
    var bytes = file.header(
      reader: "pn532_uart:/dev/ttyUSB0", application: "smartotp", masking: masking)
    var time: UInt64 = 1_795_500_042_000_000_000
    func append(_ frames: [AirFrame]) {
      bytes += file.frames(frames, at: time)
      time += 1_000_000
    }
    append(trace.activated(try Cards.typeA()))
    append(trace.command(hex("00a4040007a0000005272101")))
    append(trace.response(hex("7903050403 7108aabbccddeeff0011 9000")))
    append(trace.command(hex("00a400010a 7408 0102030405060708")))
    let entries = [[UInt8]](repeating: hex("710161 7605 060badc0de"), count: 12).flatMap(\.self)
    append(trace.response(entries + hex("7700 9000")))
    append(trace.command(hex("00a200010d 710161 7408 79a43e1f1a02c642")))
    append(trace.response(hex("7605 06 0badc0de 9000")))
    append(trace.lost())
    append(trace.activated(try Cards.typeB()))
    append(trace.command(hex("00a4040007a0000005272101")))
    append(trace.response(hex("6a82")))
    append(trace.lost())
    return bytes
  }

  @Test("Every frame is understood, SELECT and CALCULATE down to ISO 7816")
  func understood() throws {
    let text = try Tshark.run(file(masking: .secrets), ["-V"])
    #expect(text.contains("[CRC Status: Good]"))
    for complaint in [
      "Malformed", "Expert Info (Error", "Expert Info (Warn", "Unknown ISO", "[incorrect",
      "Status: Bad", "Dissector bug",
    ] {
      #expect(!text.contains(complaint))
    }
    for line in [
      "Message: REQA", "Message: ATQA", "UID_CLn: 33445566", "Message: SAK", "Message: RATS",
      "Message: ATS", "[FSC: 64]", "Message: REQB", "Message: ATQB", "Message: Attrib",
      "Message: Response to Attrib", "Instruction: Select file (0xa4)",
      "APDU Body: a0000005272101", "INF: 00a200010d710161740879a43e1f1a02c642",
      "INF: 76052a2a2a2a2a9000", "Status Word SW1: Normal processing (0x90)",
      "Secrets are masked with 2A",
      "Interface name: pn532_uart:/dev/ttyUSB0",
    ] {
      #expect(text.contains(line), "\(line)")
    }
  }

  @Test("The summary reads as the exchange did, chained response and all")
  func summary() throws {
    let text = try Tshark.run(
      file(masking: .secrets), ["-T", "fields", "-e", "frame.time_epoch", "-e", "_ws.col.Info"])
    let lines = text.split(separator: "\n").map { $0.split(separator: "\t") }
    #expect(
      lines.map { $0.last ?? "" } == [
        "Field on", "REQA", "ATQA", "Anticollision", "UID", "Select", "SAK", "Anticollision", "UID",
        "Select", "SAK", "RATS", "ATS", "Select file", "Response APDU (to Select file)",
        "Select file", "I-block, Chaining, Block number 1", "R-block, ACK, Block number 0",
        "I-block, Chaining, Block number 0", "R-block, ACK, Block number 1",
        "Response APDU (to Select file)", "Unknown instruction",
        "Response APDU (to Unknown instruction)",
        "Field off", "Field on", "REQB", "ATQB", "Attrib", "Response to Attrib", "Select file",
        "Response APDU (to Select file)", "Field off",
      ])
    #expect(lines.first?.first == "1795500042.000000000")
  }

  @Test("A masked file holds no code, an unmasked one does")
  func masking() throws {
    #expect(!hex(try file(masking: .secrets)).contains("0badc0de"))
    #expect(hex(try file(masking: .none)).contains("0badc0de"))
    #expect(hex(try file(masking: .none)).contains(hex("NOTHING IS MASKED".utf8)))
    #expect(hex(try file(masking: .secrets)).contains(hex("are replaced by bytes 2A".utf8)))
  }
}

enum Tshark {
  private static let program = "/usr/bin/tshark"
  static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: program) }

  /// tshark's output for a file, with APDUs handed to the ISO 7816 dissector.
  static func run(_ bytes: [UInt8], _ arguments: [String]) throws -> String {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("trace-\(UUID().uuidString).pcapng")
    try Data(bytes).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = ["-r", file.path, "-d", "iso14443.subdissector,iso7816"] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }
}

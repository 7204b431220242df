import Foundation
import Testing

@Suite("smartotp-sim", .enabled(if: Simulator.isBuilt))
struct CommandLineTests {
  @Test("The first line is the connection string, then one line answers each command")
  func session() throws {
    let output = try Simulator.run(
      ["--card", "oath", "--card", "mifare-classic", "--absent"],
      input: "cards\ntap\ntap 2\nremove all\ntap 3\nfault chip,reset\nfault moon\nwhat\nquit\ntap\n"
    )
    #expect(output.status == 0)
    #expect(output.lines.first?.wholeMatch(of: #/pn532_uart:/dev/pts/\d+:115200/#) != nil)
    #expect(
      Array(output.lines.dropFirst()) == [
        "ok cards=2 inField=0",
        "ok inField=1",
        "ok inField=2",
        "ok inField=0",
        "error there are 2 cards, numbered from 1",
        "ok",
        "error a fault begins with line, chip or card, not “moon”",
        "error unknown command what",
        "bye",
      ])
  }

  @Test("JSON answers are objects with sorted keys")
  func json() throws {
    let output = try Simulator.run(["--json"], input: "counters\nremove\nhello\nquit\n")
    #expect(
      Array(output.lines.dropFirst()) == [
        #"{"bytesFromHost":0,"bytesToHost":0,"commands":0,"faults":0,"result":"ok"}"#,
        #"{"inField":0,"result":"ok"}"#,
        #"{"message":"unknown command hello","result":"error"}"#,
        #"{"result":"bye"}"#,
      ])
  }

  @Test("The end of the input is the end, and the link goes with it")
  func link() throws {
    let link = FileManager.default.temporaryDirectory.appending(path: "smartotp-sim-\(UUID())")
    let output = try Simulator.run(["--link", link.path], input: "")
    #expect(output.status == 0)
    #expect(output.lines.count == 1)
    #expect((try? FileManager.default.destinationOfSymbolicLink(atPath: link.path)) == nil)
  }

  @Test("Options that make no sense are a usage error before anything starts")
  func usage() throws {
    for options in [
      ["--card", "dragon"], ["--profile", "wooden"], ["--credential", "no-key"],
      ["--fault", "line,drop"], ["--access-key", "xyz"], ["--smart-otp", "K01:1234"],
    ] {
      let output = try Simulator.run(options, input: "")
      #expect(output.status == 64, "\(options)")
      #expect(output.lines.isEmpty, "\(options)")
    }
  }
}

/// The program as it was built with these tests.
enum Simulator {
  static let path = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: ".build/debug/smartotp-sim").path

  static var isBuilt: Bool { FileManager.default.isExecutableFile(atPath: path) }

  static func run(
    _ arguments: [String], input: String
  ) throws -> (status: Int32, lines: [String]) {
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    let (stdin, stdout) = (Pipe(), Pipe())
    process.standardInput = stdin
    process.standardOutput = stdout
    process.standardError = FileHandle.nullDevice
    try process.run()
    try? stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try? stdin.fileHandleForWriting.close()
    let data = try stdout.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let text = String(decoding: data, as: UTF8.self)
    return (process.terminationStatus, text.split(whereSeparator: \.isNewline).map(String.init))
  }
}

import Foundation
import Testing

/// A centre's directory, and the `smartotp-center` that was built beside the tests.
struct CenterProgram {
  struct Outcome: Equatable {
    var output = ""
    var errors = ""
    var status: Int32 = 0
  }

  /// A directory of its own, with the centre in `center` once `init` has run.
  let directory: URL

  init() throws {
    directory = FileManager.default.temporaryDirectory
      .appending(path: "center-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: false)
  }

  /// With a new centre in it.
  static func initialized() throws -> CenterProgram {
    let program = try CenterProgram()
    let outcome = try program.run("init")
    #expect(outcome.status == 0, "\(outcome.errors)")
    return program
  }

  func remove() { try? FileManager.default.removeItem(at: directory) }

  func path(_ name: String) -> String { directory.appending(path: name).path }

  func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: directory.appending(path: name))
    return path(name)
  }

  /// The command on this centre.
  func run(_ arguments: String...) throws -> Outcome { try run(arguments) }

  func run(_ arguments: [String]) throws -> Outcome {
    try run(Self.executable, arguments + ["--data", path("center")])
  }

  /// Another program, such as openssl.
  func run(program: String, _ arguments: String...) throws -> Outcome {
    try run("/usr/bin/\(program)", arguments)
  }

  private func run(_ executable: String, _ arguments: [String]) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(filePath: executable)
    process.arguments = arguments
    process.environment = ["PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "LOGNAME": "tester"]
    process.currentDirectoryURL = directory
    // Files, not pipes: nothing can fill up, whatever is printed.
    let output = try file("stdout")
    let errors = try file("stderr")
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    process.waitUntilExit()
    return Outcome(
      output: try text("stdout"), errors: try text("stderr"), status: process.terminationStatus)
  }

  private func file(_ name: String) throws -> FileHandle {
    try Data().write(to: directory.appending(path: name))
    return try FileHandle(forWritingTo: directory.appending(path: name))
  }

  private func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: directory.appending(path: name)), as: UTF8.self)
  }

  private static let executable: String = {
    let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(filePath: tests).deletingLastPathComponent().appending(path: "smartotp-center").path
  }()
}

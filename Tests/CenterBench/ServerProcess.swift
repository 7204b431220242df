import Foundation

/// A running `smartotp-center serve`.
final class ServerProcess {
  let port: Int
  private let process: Process

  /// Returns when it listens.
  init(program: String, data: String) throws {
    process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = [
      "serve", "--data", data, "--port", "0", "--json", "--log-level", "warning",
    ]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let line = output.fileHandleForReading.availableData
    let message = try? JSONSerialization.jsonObject(with: line) as? [String: Any]
    guard let port = message?["port"] as? Int else { throw BenchError.serverDidNotStart }
    self.port = port
  }

  func stop() {
    process.terminate()
    process.waitUntilExit()
  }

  /// Proportional set size in kilobytes.
  func memory() -> Int? {
    let path = "/proc/\(process.processIdentifier)/smaps_rollup"
    let text = try? String(contentsOfFile: path, encoding: .utf8)
    let line = text?.split(separator: "\n").first { $0.hasPrefix("Pss:") }
    return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
  }

  static func initialize(program: String, data: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = ["init", "--data", data, "--json"]
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw BenchError.preparation }
  }
}

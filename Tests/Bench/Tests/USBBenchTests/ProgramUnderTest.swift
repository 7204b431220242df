import Foundation
import Synchronization
import USBBench

/// An unmodified program on a bench's bus.
final class ProgramUnderTest: Sendable {
  struct Result: Equatable {
    var status: Int32
    var output: String
    var errors: String
  }

  private let process: Process
  private let output: Pipe
  private let errors: Pipe

  /// - Parameter name: a program of this package, or one of the system's.
  init(_ name: String, _ arguments: [String], on bench: USBBench? = nil) throws {
    process = Process()
    process.executableURL = URL(filePath: Self.path(name))
    process.arguments = arguments
    var environment = ProcessInfo.processInfo.environment
    environment["UMOCKDEV_DIR"] = nil
    if let bench {
      environment.merge(bench.environment) { $1 }
      environment["SMARTOTP_DRIVER_ENVIRONMENT"] = "inherit"
    }
    process.environment = environment
    output = Pipe()
    errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    try process.run()
  }

  /// Runs it to its end.
  static func run(
    _ name: String, _ arguments: [String] = [], on bench: USBBench? = nil
  ) async throws -> Result {
    try await ProgramUnderTest(name, arguments, on: bench).end()
  }

  func end() async throws -> Result {
    async let written = Self.all(output)
    async let complaints = Self.all(errors)
    return Result(status: await status(), output: await written, errors: await complaints)
  }

  /// What it writes next, when it does; empty at its end.
  func nextOutput() async -> String {
    await Self.onThread { [output] in
      String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    }
  }

  func interrupt() { process.interrupt() }

  private func status() async -> Int32 {
    await Self.onThread { [process] in
      process.waitUntilExit()
      return process.terminationReason == .exit
        ? process.terminationStatus : 128 + process.terminationStatus
    }
  }

  private static func all(_ pipe: Pipe) async -> String {
    await onThread {
      String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }
  }

  /// Blocking calls have a thread of their own, outside Swift's pool.
  private static func onThread<Value: Sendable>(
    _ body: @escaping @Sendable () -> Value
  ) async -> Value {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { continuation.resume(returning: body()) }
    }
  }

  /// The folder of the programs that were built with the tests.
  static let folder =
    URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path

  private static func path(_ name: String) -> String {
    let folders = [folder, "/usr/bin", "/bin"]
    let paths = folders.map { "\($0)/\(name)" }
    return paths.first { FileManager.default.isExecutableFile(atPath: $0) } ?? paths[0]
  }
}

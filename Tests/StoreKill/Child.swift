import Foundation

/// This program again, as another process.
final class Child {
  enum End: Equatable {
    case exited(Int32)
    case killed
  }

  private let process = Process()
  private let output: URL

  /// - Parameter output: the file that takes what the child prints.
  init(_ arguments: [String], output path: String) throws {
    output = URL(fileURLWithPath: path)
    try Data().write(to: output)
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = arguments
    process.standardOutput = try FileHandle(forWritingTo: output)
    try process.run()
  }

  func wait() -> End {
    process.waitUntilExit()
    return process.terminationReason == .uncaughtSignal
      ? .killed : .exited(process.terminationStatus)
  }

  func kill() { Foundation.kill(process.processIdentifier, SIGKILL) }

  /// Everything the child printed.
  func lines() throws -> [String] {
    String(decoding: try Data(contentsOf: output), as: UTF8.self).split(separator: "\n")
      .map(String.init)
  }
}

/// A directory that goes with its value.
final class Scratch {
  private let path: String

  init() throws {
    path = NSTemporaryDirectory() + "store-kill-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }
}

import Foundation
import Testing

/// Runs `openssl` in a directory of its own.
struct OpenSSLCommand {
  private static let program = "/usr/bin/openssl"
  static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: program) }

  private let directory: URL

  init() throws {
    directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("cryptography-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  }

  func remove() {
    try? FileManager.default.removeItem(at: directory)
  }

  func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: directory.appendingPathComponent(name))
  }

  func read(_ name: String) throws -> [UInt8] {
    try Array(Data(contentsOf: directory.appendingPathComponent(name)))
  }

  func run(_ arguments: [String]) throws -> (status: Int32, text: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.program)
    process.arguments = arguments
    process.currentDirectoryURL = directory
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }

  /// Runs each line, arguments split at spaces, and expects success; the last one's output.
  @discardableResult
  func run(_ lines: String..., sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
    var text = ""
    for line in lines {
      let result = try run(line.split(separator: " ").map(String.init))
      try #require(result.status == 0, "openssl \(line)", sourceLocation: sourceLocation)
      text = result.text
    }
    return text
  }
}

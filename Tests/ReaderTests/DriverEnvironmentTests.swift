import Foundation
import Reader
import Testing

/// What of the caller's environment reaches the driver.
@Suite struct DriverEnvironmentTests {
  /// Runs a driver that only notes its environment, and returns that.
  private func environment(of program: (String) -> DriverProgram) async throws -> Set<String> {
    let folder = URL.temporaryDirectory.appending(path: "driver-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let note = folder.appending(path: "environment")
    let script = folder.appending(path: "driver")
    try "#!/bin/sh\ncat /proc/$$/environ > \(note.path)\n".write(
      to: script, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script.path)
    let reader = LibNFCReader(connstring: "pn532_uart:/dev/null", program: program(script.path))
    await #expect(throws: ReaderError.self) { try await reader.open(deadline: .now + .seconds(5)) }
    await reader.close()
    return Set(
      try String(contentsOf: note, encoding: .utf8).split(separator: "\0").map(String.init))
  }

  @Test("A driver's environment holds a word to Swift's runtime and nothing of the caller's")
  func emptyByDefault() async throws {
    let environment = try await environment { .process(path: $0) }
    #expect(environment == ["SWIFT_BACKTRACE=enable=no"])
  }

  @Test("A driver's environment holds what its program names")
  func named() async throws {
    let environment = try await environment {
      .process(path: $0, environment: ["UMOCKDEV_DIR": "/nowhere"])
    }
    #expect(environment == ["SWIFT_BACKTRACE=enable=no", "UMOCKDEV_DIR=/nowhere"])
  }
}

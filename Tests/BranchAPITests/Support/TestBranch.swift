import BranchAPI
import Cryptography
import Foundation
import Logging
import ServiceLifecycle
import branch_fixture

/// A branch API that serves a scripted appliance, on a Unix socket and on a free loopback port.
struct TestBranch: Sendable {
  static let token = "0123456789abcdef"

  let appliance: ScriptedAppliance
  let socket: String
  let port: Int
  let group: ServiceGroup

  /// Serves while `body` runs, then shuts down and waits for its end.
  static func run(
    log: TestLog? = nil, _ adjust: (inout BranchServerConfiguration) throws -> Void = { _ in },
    _ body: @Sendable (TestBranch) async throws -> Void
  ) async throws {
    try await withDirectory { directory in
      let socket = directory + "/branch.sock"
      var configuration = BranchServerConfiguration(socket: .path(socket))
      configuration.loopback = try .init(port: 0, token: SecretBytes(Array(token.utf8)))
      try adjust(&configuration)
      try await serve(configuration, socket: socket, log: log, body)
    }
  }

  static func withDirectory(_ body: (String) async throws -> Void) async throws {
    let directory = FileManager.default.temporaryDirectory.appending(
      path: "branch-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    try await body(directory.path)
  }

  private static func serve(
    _ configuration: BranchServerConfiguration, socket: String, log: TestLog?,
    _ body: @Sendable (TestBranch) async throws -> Void
  ) async throws {
    let (opened, opening) = AsyncStream<BranchServer.Listeners>.makeStream()
    let appliance = ScriptedAppliance()
    let logger = Logger(label: "test") { _ in
      if let log { TestLogHandler(log: log) } else { SwiftLogNoOpLogHandler() }
    }
    let server = BranchServer(configuration: configuration, control: appliance, logger: logger) {
      opening.yield($0)
    }
    let group = ServiceGroup(configuration: .init(services: [server], logger: logger))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask {
        defer { opening.finish() }
        try await group.run()
      }
      for await listeners in opened {
        let branch = TestBranch(
          appliance: appliance, socket: socket, port: listeners.port ?? 0, group: group)
        do { try await body(branch) } catch {
          await group.triggerGracefulShutdown()
          throw error
        }
        break
      }
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
    }
  }
}

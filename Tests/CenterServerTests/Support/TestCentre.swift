import Center
import CenterServer
import CenterStore
import Cryptography
import Foundation
import Logging
import ServiceLifecycle
import SmartOTP

/// A centre that serves on a free port of this machine, over a store of its own.
struct TestCentre: Sendable {
  let store: SQLiteStore
  let authority: TestAuthority
  let port: Int
  let localPort: Int
  let group: ServiceGroup

  /// Serves while `body` runs, then shuts down and waits for its end.
  static func run(
    limits: RateLimits = RateLimits(), deadlines: ClientDeadlines = ClientDeadlines(),
    accredited: AccreditedAuthorities? = nil, log: TestLog? = nil,
    _ body: @Sendable (TestCentre) async throws -> Void
  ) async throws {
    let directory = FileManager.default.temporaryDirectory.appending(
      path: "centre-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let keyFile = directory.appending(path: "kek").path
    try KeyRing.addKey(to: keyFile)
    let store = try SQLiteStore(
      path: directory.appending(path: "center.sqlite").path, keys: KeyRing(contentsOf: keyFile))
    try await serve(
      store, limits: limits, deadlines: deadlines, accredited: accredited, log: log, body)
  }

  private static func serve(
    _ store: SQLiteStore, limits: RateLimits, deadlines: ClientDeadlines,
    accredited: AccreditedAuthorities?, log: TestLog?,
    _ body: @Sendable (TestCentre) async throws -> Void
  ) async throws {
    let authority = try TestAuthority()
    var configuration = CenterServerConfiguration(
      authority: authority.authority, identity: try authority.server(),
      accredited: { try accredited ?? AccreditedAuthorities(roots: []) })
    configuration.port = 0
    configuration.localPort = 0
    configuration.rateLimits = limits
    configuration.deadlines = deadlines
    let (opened, opening) = AsyncStream<CenterServer.Listeners>.makeStream()
    let logger = Logger(label: "test") { _ in
      if let log { TestLogHandler(log: log) } else { SwiftLogNoOpLogHandler() }
    }
    let server = try CenterServer(store: store, configuration: configuration, logger: logger) {
      opening.yield($0)
    }
    let group = ServiceGroup(configuration: .init(services: [server], logger: logger))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      for await listeners in opened {
        let centre = TestCentre(
          store: store, authority: authority, port: listeners.port,
          localPort: listeners.localPort ?? 0, group: group)
        do {
          try await body(centre)
        } catch {
          await group.triggerGracefulShutdown()
          throw error
        }
        break
      }
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
    }
  }

  // MARK: Who calls

  /// Issues a certificate and puts it on record.
  func identity(_ name: String, _ role: Role) async throws -> ClientIdentity {
    let identity = try authority.client(name, role: role.rawValue)
    try await store.record(identity.record(role), as: Caller(.operator("test"), at: .now))
    return identity
  }

  func client(_ identity: ClientIdentity?) throws -> TestClient {
    try TestClient(port: port, trusting: authority.authority.certificate, identity: identity)
  }

  func with<Result: Sendable>(
    _ identity: ClientIdentity?, _ body: (TestClient) async throws -> Result
  ) async throws -> Result {
    let client = try client(identity)
    do {
      let result = try await body(client)
      try await client.shutdown()
      return result
    } catch {
      try? await client.shutdown()
      throw error
    }
  }
}

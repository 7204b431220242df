import GRDB
import Synchronization

/// A connection that says cheaply whether anybody wrote to the database.
final class DataVersionProbe: Sendable {
  private let queue: DatabaseQueue
  private let seen = Mutex<(version: Int64, event: Int64)?>(nil)

  init(path: String) throws {
    var configuration = Configuration()
    configuration.busyMode = .timeout(1)
    configuration.readonly = true
    queue = try DatabaseQueue(path: path, configuration: configuration)
  }

  /// The newest event's number; nil where the database does not answer just now.
  func latestEvent() async -> Int64? {
    await withCheckedContinuation { continuation in
      queue.asyncRead { result in
        continuation.resume(returning: try? self.look(result.get()))
      }
    }
  }

  private func look(_ database: Database) throws -> Int64 {
    let version = try database.first("PRAGMA data_version") { $0.integer(0) } ?? 0
    if let seen = seen.withLock({ $0 }), seen.version == version { return seen.event }
    let event = try database.lastDeviceEvent()
    seen.withLock { $0 = (version, event) }
    return event
  }
}

extension Database {
  /// The newest device event's number, 0 before the first; numbers are never used twice.
  func lastDeviceEvent() throws -> Int64 {
    try first("SELECT seq FROM sqlite_sequence WHERE name = 'device_events'") { $0.integer(0) } ?? 0
  }
}

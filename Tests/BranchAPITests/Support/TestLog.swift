import Logging
import Synchronization

/// Everything that a server logged, at any level.
final class TestLog: Sendable {
  private let lines = Mutex<[String]>([])

  var text: String { lines.withLock { $0.joined(separator: "\n") } }

  func append(_ line: String) { lines.withLock { $0.append(line) } }
}

struct TestLogHandler: LogHandler {
  let log: TestLog
  var logLevel = Logger.Level.trace
  var metadata: Logger.Metadata = [:]

  init(log: TestLog) { self.log = log }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    log.append("\(event.level) \(event.message) \(metadata) \(event.metadata ?? [:])")
  }
}

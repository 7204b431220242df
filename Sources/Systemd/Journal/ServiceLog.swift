import Glibc
import Logging
import Synchronization

/// Where the service's log goes: journald's socket when standard error is the journal, else lines on
/// standard error.
///
/// It never waits: a record for which there is no room is dropped and counted, and the next one that
/// gets through says how many were lost.
public final class ServiceLog: Sendable {
  enum Way: Hashable, Sendable {
    /// journald's native protocol.
    case journal(descriptor: Int32)
    /// Lines, with a priority in front where the journal reads them.
    case lines(descriptor: Int32, withPriority: Bool)
  }

  public static let journalSocket = "/run/systemd/journal/socket"

  let way: Way
  private let journal: DatagramAddress?
  private let identifier: String
  private let dropped = Atomic<Int>(0)
  /// Lines of several threads come one after another.
  private let isWriting = Mutex(())

  /// - Parameter identifier: the name in the journal, `SYSLOG_IDENTIFIER`.
  public convenience init(
    identifier: String, environment: ServiceEnvironment.Lookup = ServiceEnvironment.process
  ) {
    self.init(
      identifier: identifier, environment: environment, journalSocket: Self.journalSocket,
      standardError: STDERR_FILENO)
  }

  init(
    identifier: String, environment: ServiceEnvironment.Lookup, journalSocket: String,
    standardError: Int32
  ) {
    self.identifier = identifier
    let isJournal = JournalStream.carries(standardError, environment: environment)
    journal = DatagramAddress(journalSocket)
    if isJournal, let descriptor = journal?.connected() {
      way = .journal(descriptor: descriptor)
    } else {
      way = .lines(descriptor: standardError, withPriority: isJournal)
    }
  }

  deinit { if case .journal(let descriptor) = way { close(descriptor) } }

  /// Records that were lost because nobody took them in time.
  public var droppedCount: Int { dropped.load(ordering: .relaxed) }

  /// For `LoggingSystem.bootstrap`.
  public func handler(label: String, level: Logger.Level = .info) -> ServiceLogHandler {
    ServiceLogHandler(log: self, label: label, logLevel: level)
  }

  func write(_ event: LogEvent, label: String, metadata: Logger.Metadata) {
    let lost = dropped.exchange(0, ordering: .relaxed)
    let isWritten =
      switch way {
      case .journal(let descriptor):
        send(
          event.record(label: label, identifier: identifier, metadata: metadata, lost: lost),
          to: descriptor)
      case .lines(let descriptor, let withPriority):
        write(
          event.line(withPriority: withPriority, metadata: metadata, lost: lost), to: descriptor)
      }
    if !isWritten { dropped.add(lost + 1, ordering: .relaxed) }
  }

  private func send(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    let send = {
      bytes.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
          == $0.count
      }
    }
    if send() { return true }
    // The journal may have been started anew.
    guard errno != EAGAIN, journal?.connect(descriptor) == true else { return false }
    return send()
  }

  private func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    isWriting.withLock { _ in
      // A pipe that is ready takes PIPE_BUF bytes, 4,096, at once; the descriptor is shared with
      // others, who did not ask for non-blocking writes.
      var event = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      guard poll(&event, 1, 0) == 1, event.revents & Int16(POLLOUT) != 0 else { return false }
      return bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress, $0.count) == $0.count
      }
    }
  }
}

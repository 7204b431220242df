import CLinux
import Glibc
import Threads

/// Standard input, read so that the wait for it can be ended: by cancelling the task, or from
/// anywhere by `interrupt`.
final class CancellableInput: Sendable {
  enum Event: Equatable, Sendable {
    case bytes([UInt8])
    case end
    case interrupted
  }

  private let descriptor: Int32
  private let bell = linux_event_descriptor()

  init(_ descriptor: Int32 = STDIN_FILENO) { self.descriptor = descriptor }

  deinit { if bell >= 0 { close(bell) } }

  /// Ends the wait under way, or the next one.
  func interrupt() {
    var one: UInt64 = 1
    _ = write(bell, &one, 8)
  }

  /// What comes next. From a terminal that is a line at most.
  func next() async -> Event {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let started = DetachedThread.run { [self] in continuation.resume(returning: wait()) }
        if !started { continuation.resume(returning: .end) }
      }
    } onCancel: {
      interrupt()
    }
  }

  private func wait() -> Event {
    var events = [
      pollfd(fd: bell, events: Int16(POLLIN), revents: 0),
      pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
    ]
    while poll(&events, 2, -1) <= 0 { guard errno == EINTR else { return .end } }
    if events[0].revents != 0 {
      var count: UInt64 = 0
      _ = read(bell, &count, 8)
      return .interrupted
    }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
    return count > 0 ? .bytes(Array(bytes[..<count])) : .end
  }
}

extension CancellableInput {
  /// All there is, one byte more than `limit` at most.
  func all(limit: Int) async throws -> [UInt8] {
    var text: [UInt8] = []
    while text.count <= limit {
      switch await next() {
      case .bytes(let bytes): text += bytes.prefix(limit + 1 - text.count)
      case .end: return text
      case .interrupted: throw CommandFailure("interrupted", .interrupted)
      }
    }
    return text
  }
}

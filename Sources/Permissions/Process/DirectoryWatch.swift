import CLinux
import Glibc

/// inotify on a directory, or, while it is missing, on the nearest one above it that is there.
///
/// One thread waits; any may stop it.
final class DirectoryWatch: @unchecked Sendable {
  private static let ownEvents =
    UInt32(IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ATTRIB)
    | UInt32(IN_DELETE_SELF | IN_MOVE_SELF)
  private static let aboveEvents =
    UInt32(IN_CREATE | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF)

  private let path: String
  private let events: Int32
  private let stopping: Int32
  // The waiting thread's.
  private var watch: Int32 = -1

  /// Nil where the system cannot watch.
  init?(_ path: String) {
    self.path = path
    events = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
    stopping = linux_event_descriptor()
    guard events >= 0, stopping >= 0, arm() else {
      close(events)
      close(stopping)
      return nil
    }
  }

  deinit {
    close(events)
    close(stopping)
  }

  func stop() {
    var one: UInt64 = 1
    _ = write(stopping, &one, 8)
  }

  /// Waits for a change, and then until it is quiet; false when it was stopped.
  func awaitChange(quiet: Int32, longest: Int32) -> Bool {
    guard wait(-1) == .changed else { return false }
    let end = ContinuousClock.now + .milliseconds(longest)
    repeat {
      drain()
      guard arm() else { return false }
      switch wait(quiet) {
      case .quiet: return true
      case .stopped: return false
      case .changed: continue
      }
    } while .now < end
    return true
  }

  private enum Outcome { case changed, quiet, stopped }

  private func wait(_ milliseconds: Int32) -> Outcome {
    var descriptors = [
      pollfd(fd: stopping, events: Int16(POLLIN), revents: 0),
      pollfd(fd: events, events: Int16(POLLIN), revents: 0),
    ]
    while true {
      let count = poll(&descriptors, 2, milliseconds)
      if count < 0, errno == EINTR { continue }
      if count == 0 { return .quiet }
      return count < 0 || descriptors[0].revents != 0 ? .stopped : .changed
    }
  }

  private func drain() {
    var bytes = [UInt8](repeating: 0, count: 8192)
    while read(events, &bytes, bytes.count) > 0 {}
  }

  /// Points the watch at the directory, or at the nearest one above it that is there. Again after each
  /// change: what is watched may have gone, and come back as another one.
  private func arm() -> Bool {
    for _ in 0..<16 {
      guard let candidate = armNearest() else { return false }
      if candidate == path { return true }
      // What came between the look at the directory and the watch above it tells nobody.
      let missing = path.dropFirst(candidate == "/" ? 1 : candidate.count + 1).prefix { $0 != "/" }
      let next = candidate == "/" ? "/\(missing)" : "\(candidate)/\(missing)"
      if access(next, F_OK) != 0 { return true }
    }
    return true
  }

  private func armNearest() -> String? {
    var candidate = path
    for _ in 0..<64 {
      let mask = candidate == path ? Self.ownEvents : Self.aboveEvents
      let new = inotify_add_watch(events, candidate, mask | UInt32(IN_ONLYDIR))
      if new >= 0 {
        if new != watch, watch >= 0 { inotify_rm_watch(events, watch) }
        watch = new
        return candidate
      }
      guard candidate.count > 1, let slash = candidate.lastIndex(of: "/") else { return nil }
      candidate = slash == candidate.startIndex ? "/" : String(candidate[..<slash])
    }
    return nil
  }
}

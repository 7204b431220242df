import Glibc
import ReaderWire

/// Keeps other drivers of this kind away from a device. libnfc would take it from them: it resets an
/// ACR122U before it asks whether it may have it.
enum DeviceLock {
  /// Locks an open node or port for as long as its descriptor is open. A driver that is just ending
  /// may need a moment.
  ///
  /// - Throws: `.claimed` when another process still has it after the budget.
  static func take(
    _ descriptor: Int32, path: String, within budget: TimeBudget
  ) throws(DriverFault) {
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK {
      guard !budget.isSpent else {
        let holder = PortHolder.locking(descriptor).map { "process \($0)" } ?? "another process"
        throw DriverFault(.claimed, detail: "\(path) is held by \(holder)")
      }
      budget.pause(milliseconds: 10)
    }
  }
}

/// A USB reader's node, locked. Owned by the opened reader.
final class LockedNode {
  private let descriptor: Int32

  /// - Throws: what `USBNode.check` throws, and `.claimed`.
  init(_ node: USBNode, within budget: TimeBudget) throws(DriverFault) {
    try node.check()
    descriptor = open(node.path, O_RDWR | O_CLOEXEC)
    // What cannot be opened fails to open for libnfc too, which is told apart there.
    guard descriptor >= 0 else { return }
    do throws(DriverFault) {
      try DeviceLock.take(descriptor, path: node.path, within: budget)
    } catch {
      close(descriptor)
      throw error
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}

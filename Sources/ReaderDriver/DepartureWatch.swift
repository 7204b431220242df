import CLinux
import Glibc

/// Notices that a reader's device goes while nothing is asked of it.
final class DepartureWatch {
  private enum Source {
    /// Something was removed from the node's folder; owned.
    case folder(Int32, USBNode)
    case port(SerialPort)
  }

  private let source: Source

  /// Nil for readers whose going shows nowhere.
  init?(node: USBNode?, port: SerialPort?) {
    if let port {
      source = .port(port)
    } else if let node {
      let descriptor = node.folder.withCString { linux_watch_removals($0) }
      guard descriptor >= 0 else { return nil }
      source = .folder(descriptor, node)
    } else {
      return nil
    }
  }

  deinit { if case .folder(let descriptor, _) = source { close(descriptor) } }

  /// What to wait for beside a request.
  var event: pollfd {
    switch source {
    case .folder(let descriptor, _): pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    // Only the hang-up counts, not what a chip that is awake has to say.
    case .port(let port): pollfd(fd: port.descriptor, events: 0, revents: 0)
    }
  }

  /// Whether it was this device, once the event has come.
  func hasLeft() -> Bool {
    switch source {
    case .folder(let descriptor, let node):
      withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 8) {
        _ = read(descriptor, $0.baseAddress, $0.count)
      }
      return !node.isThere
    case .port(let port): return port.isHungUp
    }
  }
}

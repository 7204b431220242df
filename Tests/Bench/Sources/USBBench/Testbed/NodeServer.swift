import CUMockdev
import Glibc
import Synchronization

/// Answers for one device node: hands what umockdev's thread brings to a handler.
final class NodeServer: Sendable {
  /// Called on umockdev's thread.
  struct Handler: Sendable {
    var opened: @Sendable (DevicePort.FileID) -> Void
    var asked: @Sendable (DevicePort.FileID, IoctlCall) -> Void
    var closed: @Sendable (DevicePort.FileID) -> Void
  }

  private struct Opening {
    var file: DevicePort.FileID
    var socket: ProgramSocket?
  }

  private let handler: Handler
  private let socketPath: String
  private let openings = Mutex<[UInt: Opening]>([:])
  private static let lastFile = Atomic(0)

  init(socketPath: String, handler: Handler) {
    self.socketPath = socketPath
    self.handler = handler
  }

  /// Makes umockdev's object for the node; the server lives as long as it does.
  func makeObject() -> UnsafeMutablePointer<UMockdevIoctlBase>? {
    guard let object = umockdev_ioctl_base_new() else { return nil }
    connect(object, "client-connected", unsafeBitCast(clientConnected, to: GCallback.self))
    connect(object, "handle-ioctl", unsafeBitCast(ioctlRequested, to: GCallback.self))
    return object
  }

  private func connect(_ object: gpointer, _ signal: String, _ callback: GCallback) {
    g_signal_connect_data(
      object, signal, callback, Unmanaged.passRetained(self).toOpaque(),
      { context, _ in
        guard let context else { return }
        Unmanaged<NodeServer>.fromOpaque(context).release()
      }, GConnectFlags(rawValue: 0))
  }

  // MARK: On umockdev's thread

  fileprivate func opened(_ client: IoctlCall.Client) {
    dropTheDead()
    let file = Self.lastFile.add(1, ordering: .relaxed).newValue
    // Kept until its program has closed the file, so that its address stays its own.
    g_object_ref(client)
    let known = openings.withLock { $0.values.compactMap { $0.socket?.identity } }
    let opening = Opening(file: file, socket: .newest(on: socketPath, notIn: known))
    openings.withLock { $0[UInt(bitPattern: client)] = opening }
    handler.opened(file)
  }

  fileprivate func asked(_ client: IoctlCall.Client) -> Bool {
    guard let file = openings.withLock({ $0[UInt(bitPattern: client)]?.file }) else { return false }
    handler.asked(file, IoctlCall(client))
    return true
  }

  /// Forgets files that programs have closed, or left open when they died. umockdev does not say so:
  /// it declares a signal for it and never sends it.
  func dropTheDead() {
    let dead = openings.withLock { openings in
      let dead = openings.filter { $0.value.socket?.isHungUp ?? true }
      for key in dead.keys { openings[key] = nil }
      return dead
    }
    for (key, opening) in dead {
      handler.closed(opening.file)
      // One whose program died during a call is never closed by umockdev, which would complain.
      guard let client = IoctlCall.Client(bitPattern: key),
        umockdev_ioctl_client_get_connected(client) == 0
      else { continue }
      g_object_unref(client)
    }
  }
}

private let clientConnected: @convention(c) (gpointer?, IoctlCall.Client?, gpointer?) -> Void = {
  _, client, context in
  guard let client, let context else { return }
  Unmanaged<NodeServer>.fromOpaque(context).takeUnretainedValue().opened(client)
}

private let ioctlRequested: @convention(c) (gpointer?, IoctlCall.Client?, gpointer?) -> gboolean = {
  _, client, context in
  guard let client, let context else { return 0 }
  return Unmanaged<NodeServer>.fromOpaque(context).takeUnretainedValue().asked(client) ? 1 : 0
}

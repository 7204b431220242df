import CUMockdev
import Glibc
import Synchronization

/// umockdev's stand-in for /sys and /dev, in a folder that goes with it.
///
/// umockdev's own calls are not made for several threads at once; each takes the lock.
final class Testbed: Sendable {
  private struct Handle: @unchecked Sendable {
    let pointer: UnsafeMutablePointer<UMockdevTestbed>
  }

  /// The folder, for UMOCKDEV_DIR.
  let root: String
  private let handle: Handle
  private let monitors: UeventMonitors
  private let lock = Mutex(())

  init() throws(BenchError) {
    guard let pointer = umockdev_testbed_new(), let root = umockdev_testbed_get_root_dir(pointer)
    else { throw .testbed("umockdev makes no testbed") }
    defer { g_free(root) }
    handle = Handle(pointer: pointer)
    self.root = String(cString: root)
    monitors = UeventMonitors(root: self.root)
  }

  deinit { g_object_unref(handle.pointer) }

  /// What a program needs in its environment to see the testbed.
  var environment: [String: String] {
    ["LD_PRELOAD": "libumockdev-preload.so.0", "UMOCKDEV_DIR": root]
  }

  func add(_ device: SysfsDevice) throws(BenchError) {
    let added = lock.withLock { _ in
      umockdev_testbed_add_from_string(handle.pointer, device.text, nil)
    }
    guard added != 0 else { throw .testbed("umockdev refuses \(device.path)") }
  }

  func remove(_ path: String) {
    lock.withLock { _ in umockdev_testbed_remove_device(handle.pointer, "/sys\(path)") }
  }

  /// Tells programs that listen for udev's events.
  func announce(_ action: String, _ device: SysfsDevice) {
    monitors.announce(action, device.path, device.properties)
  }

  func setLink(_ name: String, of path: String, to target: String?) {
    lock.withLock { _ in
      unlink("\(root)/sys\(path)/\(name)")
      guard let target else { return }
      umockdev_testbed_set_attribute_link(handle.pointer, "/sys\(path)", name, target)
    }
  }

  /// Where umockdev listens for the programs that opened this node, `/dev/…`.
  func socketPath(of node: String) -> String { "\(root)/ioctl\(node)" }

  func attach(_ server: NodeServer, to node: String) throws(BenchError) {
    guard let object = server.makeObject() else { throw .testbed("umockdev makes no node") }
    defer { g_object_unref(object) }
    let attached = lock.withLock { _ in
      umockdev_testbed_attach_ioctl(handle.pointer, node, object, nil)
    }
    guard attached != 0 else { throw .testbed("umockdev does not serve \(node)") }
  }

  func detach(_ node: String) {
    lock.withLock { _ in _ = umockdev_testbed_detach_ioctl(handle.pointer, node, nil) }
  }
}

public enum BenchError: Error, Equatable, CustomStringConvertible {
  case testbed(String)
  /// The port's name is taken, or is none.
  case port(String)

  public var description: String {
    switch self {
    case .testbed(let detail): detail
    case .port(let name): "no port \(name) is free"
    }
  }
}

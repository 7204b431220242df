import CLinux
import Glibc
import ReaderWire

/// The node through which libnfc reaches a USB reader. libnfc says neither why a reader does not
/// open nor, with one of its drivers, that it is gone; its node tells.
struct USBNode {
  let path: String

  /// Nil for a name without bus and device number.
  init?(_ connstring: Connstring) {
    let parts = connstring.text.split(separator: ":")
    guard connstring.bus == .usb, parts.count == 3 else { return nil }
    guard parts[1...].allSatisfy({ $0.allSatisfy(\.isNumber) }) else { return nil }
    path = "/dev/bus/usb/\(parts[1])/\(parts[2])"
  }

  /// The bus's folder, from which the node goes with the device.
  var folder: String { path.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } }

  /// Whether the device is on the bus. The node outlives it by a moment.
  var isThere: Bool {
    let node = open(path, O_RDWR | O_CLOEXEC)
    guard node >= 0 else { return ![ENOENT, ENODEV, ENXIO].contains(errno) }
    defer { close(node) }
    return linux_usb_connection(node) >= 0 || errno != ENODEV
  }

  /// - Throws: `.notFound` or `.permission` when the node shows that nothing can be opened.
  func check() throws(DriverFault) {
    if access(path, R_OK | W_OK) == 0 {
      guard isThere else { throw DriverFault(.notFound, code: ENODEV, detail: path) }
      return
    }
    switch errno {
    case EACCES, EPERM: throw DriverFault(.permission, code: errno, detail: path)
    default: throw DriverFault(.notFound, code: errno, detail: path)
    }
  }

  /// The same for a node that was there before: what is missing now has gone.
  func checkAgain() throws(DriverFault) {
    do {
      try check()
    } catch {
      throw error.kind == .notFound ? DriverFault(.gone, code: error.code, detail: path) : error
    }
  }
}

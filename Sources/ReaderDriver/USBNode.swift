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

  var isThere: Bool { access(path, F_OK) == 0 }

  /// - Throws: `.notFound` or `.permission` when the node shows that nothing can be opened.
  func check() throws(DriverFault) {
    guard access(path, R_OK | W_OK) != 0 else { return }
    switch errno {
    case EACCES, EPERM: throw DriverFault(.permission, code: errno, detail: path)
    default: throw DriverFault(.notFound, code: errno, detail: path)
    }
  }
}

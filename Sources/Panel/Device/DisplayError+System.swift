import Appliance
import Glibc

extension DisplayError {
  /// Why `path` could not be opened, and what to do about it.
  static func opening(_ path: String, _ code: Int32) -> DisplayError {
    switch code {
    case ENOENT, ENODEV, ENXIO, ENOTDIR:
      return .absent("\(path) is not there; connect the device, or correct the configuration")
    case EACCES, EPERM:
      return .refused("\(path): permission denied; \(remedy(for: path))")
    case EBUSY:
      return .refused("\(path) is in use by another program; stop that one")
    default:
      return .failed("\(path) could not be opened: \(text(of: code))")
    }
  }

  static func writing(_ path: String, _ code: Int32) -> DisplayError {
    .failed("\(path) did not take data: \(text(of: code)); check what is connected to it")
  }

  /// How to get access to a node: the group it belongs to is the way that outlives a restart.
  private static func remedy(for path: String) -> String {
    var status = stat()
    guard stat(path, &status) == 0, status.st_gid != 0, status.st_mode & S_IWGRP != 0,
      let group = name(ofGroup: status.st_gid)
    else { return "give the service's user access to it by a udev rule" }
    return "add the service's user to its group: usermod -aG \(group) smartotp"
  }

  private static func name(ofGroup id: gid_t) -> String? {
    var entry = group()
    var found: UnsafeMutablePointer<group>?
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { buffer in
      guard getgrgid_r(id, &entry, buffer.baseAddress, buffer.count, &found) == 0, found != nil,
        let name = entry.gr_name
      else { return nil }
      return String(cString: name)
    }
  }

  private static func text(of code: Int32) -> String { String(cString: strerror(code)) }
}

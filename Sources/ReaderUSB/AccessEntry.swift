/// One entry of a POSIX.1e access control list. udev's `uaccess` gives the user at the seat one.
public struct AccessEntry: Hashable, Sendable {
  public enum Subject: Hashable, Sendable {
    case owner
    case user(UInt32)
    case owningGroup
    case group(UInt32)
    case mask
    case other
  }

  public var subject: Subject
  /// 4 read, 2 write, 1 execute.
  public var permissions: UInt16

  public init(_ subject: Subject, _ permissions: UInt16) {
    self.subject = subject
    self.permissions = permissions
  }
}

extension AccessEntry {
  /// Decodes the extended attribute `system.posix_acl_access`: version 2 in four bytes, then eight
  /// bytes an entry, little endian (linux/posix_acl_xattr.h). Unknown entries are left out.
  static func list(_ bytes: [UInt8]) -> [AccessEntry] {
    guard bytes.count >= 4, bytes[0] == 2, bytes[1] == 0, bytes[2] == 0, bytes[3] == 0 else {
      return []
    }
    return stride(from: 4, to: bytes.count - 7, by: 8).compactMap { start in
      let tag = UInt16(bytes[start]) | UInt16(bytes[start + 1]) << 8
      let permissions = UInt16(bytes[start + 2]) | UInt16(bytes[start + 3]) << 8
      let id = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + 4 + $1]) << (8 * UInt32($1)) }
      let subject: Subject
      switch tag {
      case 0x01: subject = .owner
      case 0x02: subject = .user(id)
      case 0x04: subject = .owningGroup
      case 0x08: subject = .group(id)
      case 0x10: subject = .mask
      case 0x20: subject = .other
      default: return nil
      }
      return AccessEntry(subject, permissions)
    }
  }
}

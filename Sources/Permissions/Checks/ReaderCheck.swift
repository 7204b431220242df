import Appliance
import ReaderUSB

/// Whether the reader may be used (S11). That no reader is there is no matter of permissions.
enum ReaderCheck {
  /// The user of the reader process that systemd starts.
  static let serviceUser = "smartotp-reader"

  static func report(of access: ReaderAccess, on system: SystemView) -> PermissionReport {
    switch access {
    case .socket(let path, let reader):
      let socket = SocketCheck.report(of: path, on: system)
      guard let credentials = system.users.credentials(of: serviceUser) else { return socket }
      return socket
        + NodeCheck(system: system, credentials: credentials, except: []).report(of: reader)
    case .ownProcess(let reader, let except):
      return NodeCheck(system: system, credentials: system.credentials, except: except)
        .report(of: reader)
    }
  }
}

/// Whether the reader process's socket is there and takes connections. It is not connected to: that
/// would start the reader process.
enum SocketCheck {
  private static let unit = "smartotp-reader.socket"

  static func report(of path: String, on system: SystemView) -> PermissionReport {
    let shown = DisplayText.safe(path)
    let start = "sudo systemctl enable --now \(unit)"
    guard let status = system.files.status(path) else {
      return .restricted(.readerForbidden, "\(shown) is not there", fix: start)
    }
    guard status.allowsUse(by: system.credentials) else {
      let user = system.users.name(of: system.credentials.user)
      return .restricted(
        .readerForbidden,
        "\(system.description(of: path, status)): \(user) may not connect to it",
        fix: "run smartotpd as \(system.users.name(of: status.user)), or name another user"
          + " with SocketUser= in: sudo systemctl edit \(unit)")
    }
    guard isListening(path, system.files) != false else {
      return .restricted(
        .readerForbidden, "nobody listens on \(shown)",
        fix: "sudo systemctl restart \(unit)")
    }
    return .clean
  }

  /// Nil where the kernel's list cannot be read. Its flags have bit 16 for a socket that listens
  /// (__SO_ACCEPTCON).
  private static func isListening(_ path: String, _ files: FileTree) -> Bool? {
    guard let text = files.text("/proc/net/unix", limit: 1 << 22) else { return nil }
    return text.split(separator: "\n").contains { line in
      let fields = line.split(separator: " ", maxSplits: 7)
      guard fields.count == 8, fields[7] == path, let flags = UInt32(fields[3], radix: 16) else {
        return false
      }
      return flags & 0x10000 != 0
    }
  }
}

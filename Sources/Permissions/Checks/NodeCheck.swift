import Appliance
import ReaderUSB

/// Whether a user may open the nodes of the readers that are there.
struct NodeCheck {
  let system: SystemView
  let credentials: Credentials
  /// Nodes of something else.
  let except: Set<String>

  static let rulesName = "60-smartotp-reader.rules"
  private static let ruleFolders = [
    "/etc/udev/rules.d", "/run/udev/rules.d", "/usr/local/lib/udev/rules.d",
    "/usr/lib/udev/rules.d", "/lib/udev/rules.d",
  ]

  /// - Parameter reader: `auto`, a connstring, or `usb:PORT`.
  func report(of reader: String) -> PermissionReport {
    let bus = USBBus(files: system.files)
    let readers = bus.readers()
    if reader == "auto" { return automatic(readers) }
    if ReaderName.namesPort(reader) {
      return .joined(readers.filter { $0.name == reader }.map(required))
    }
    if let attached = bus.reader(for: reader, among: readers) { return required(attached) }
    let parts = reader.split(separator: ":")
    guard parts.count > 1 else {
      return automatic(readers.filter { $0.connstring?.hasPrefix("\(reader):") == true })
    }
    guard parts[1].hasPrefix("/") else { return .clean }
    let path = String(parts[1])
    return forbidden(path, name: nil).map { PermissionReport(impediments: [$0]) } ?? .clean
  }

  /// Of several readers one that may be used is enough. A serial adapter may have anything behind it,
  /// so that one costs a warning only.
  private func automatic(_ readers: [AttachedReader]) -> PermissionReport {
    let readers = readers.filter { $0.node.map { !except.contains($0) } ?? false }
    let own = readers.filter { !$0.reader.isSerialBridge }
    let refused = own.compactMap(impediment)
    let adapters = readers.filter(\.reader.isSerialBridge).compactMap(impediment)
    let isRestricted = !refused.isEmpty && refused.count == own.count
    let warnings = (isRestricted ? [] : refused) + adapters
    return PermissionReport(
      impediments: isRestricted ? refused : [],
      warnings: warnings.map { "\($0.finding); \($0.fix)" })
  }

  private func required(_ reader: AttachedReader) -> PermissionReport {
    impediment(reader).map { PermissionReport(impediments: [$0]) } ?? .clean
  }

  private func impediment(_ reader: AttachedReader) -> Impediment? {
    reader.node.flatMap { forbidden($0, name: reader.reader.name) }
  }

  /// Nil for a node that may be used, or is not there.
  private func forbidden(_ path: String, name: String?) -> Impediment? {
    guard let status = system.files.status(path), !status.allowsUse(by: credentials) else {
      return nil
    }
    let user = system.users.name(of: credentials.user)
    let what = name.map { " (\($0))" } ?? ""
    return Impediment(
      .readerForbidden,
      finding: "\(system.description(of: path, status))\(what): \(user) may not use it",
      fix: fix(path, status, user: user))
  }

  private func fix(_ path: String, _ status: FileStatus, user: String) -> String {
    // A group that has the node is joined; root's own group is not.
    if status.group != 0, status.mode & 0o060 == 0o060 {
      let group = ShellWord.quoted(system.users.groupName(status.group))
      return "sudo usermod -aG \(group) \(ShellWord.quoted(user)),"
        + " then: sudo systemctl restart smartotpd"
    }
    guard path.hasPrefix("/dev/bus/usb/") else {
      return "sudo chgrp dialout \(ShellWord.quoted(path))"
        + " && sudo chmod g+rw \(ShellWord.quoted(path))"
    }
    let reload = "sudo udevadm control --reload && sudo udevadm trigger --subsystem-match=usb"
    let isInstalled = Self.ruleFolders.contains {
      system.files.exists("\($0)/\(Self.rulesName)")
    }
    return isInstalled
      ? "\(Self.rulesName) is installed but not in force: \(reload)"
      : "sudo install -m 644 udev/\(Self.rulesName) /etc/udev/rules.d/ && \(reload)"
  }
}

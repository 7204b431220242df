import ReaderUSB

extension Check {
  /// Who else wants the reader.
  static let conflicts: [Check] = [
    Check("kernel-driver", .conflicts, "No kernel driver has the reader") { facts in
      guard let reader = facts.machine.usbReader else { return noUSB }
      guard let driver = reader.kernelDriver else { return .pass("no driver on its interfaces") }
      return .fail(
        .readerFailure, "the kernel's driver \(driver) has the reader at \(reader.name)",
        cause: "the kernel loads its own NFC driver when the reader is plugged in",
        fix: .command(
          "sudo modprobe -r \(Shell.word(driver)) && " + Blacklist.command(for: driver)))
    },

    Check(
      "kernel-module", .conflicts, "The kernel's NFC driver is kept away", needs: ["kernel-driver"]
    ) { facts in
      guard let reader = facts.machine.usbReader, let module = reader.reader.kernelDriver else {
        return .notApplicable("the kernel has no driver for this reader")
      }
      guard !Blacklist.holds(module, facts.machine.files) else {
        return .pass("\(module) is barred")
      }
      return .warn(
        .readerFailure, "nothing in modprobe.d bars \(module)",
        cause: "it may take the reader the next time it is plugged in",
        fix: .command(Blacklist.command(for: module)))
    },

    Check("pcscd-holds", .conflicts, "pcscd does not have the reader") { facts in
      guard let reader = facts.machine.usbReader else { return noUSB }
      let holders = facts.machine.processes.holders(of: reader.device.node)
      let daemon = facts.machine.processes.named("pcscd").first
      let seen: String
      if let process = holders.first(where: { $0.name == "pcscd" }) {
        seen = "\(process.description) has \(reader.device.node) open"
      } else if reader.isClaimed, holders.isEmpty, let daemon {
        // Not seen with it, since it is another user's; nobody else is as likely.
        seen = "some program has claimed \(reader.device.node), and \(daemon.description) runs"
      } else {
        return unseenHolders(facts) ?? .pass("pcscd does not have \(reader.device.node) open")
      }
      return .fail(
        .readerFailure, seen, cause: "the PC/SC daemon takes every CCID reader",
        fix: .command("sudo systemctl stop pcscd.socket pcscd.service"))
    },

    Check("pcscd-waits", .conflicts, "pcscd will not take the reader", needs: ["pcscd-holds"]) {
      facts in
      guard let reader = facts.machine.usbReader else { return noUSB }
      guard reader.device.interfaces.contains(where: \.isCCID) else {
        return .notApplicable("pcscd has no driver for this reader")
      }
      let files = facts.machine.files
      guard files.exists("/run/pcscd/pcscd.comm") else { return .pass("pcscd is not listening") }
      let settings = files.text("/etc/default/pcscd") ?? ""
      guard !settings.contains("PCSCLITE_FILTER_IGNORE_READER_NAMES") else {
        return .pass("/etc/default/pcscd tells it which readers to leave alone")
      }
      return .warn(
        .readerFailure, "pcscd listens on /run/pcscd/pcscd.comm",
        cause: "it takes the reader as soon as some program asks for smart cards",
        fix: .command("sudo systemctl disable --now pcscd.socket pcscd.service"))
    },

    Check("reader-held", .conflicts, "No other program has the reader", needs: ["pcscd-holds"]) {
      facts in
      guard let reader = facts.machine.usbReader else { return noUSB }
      let holders = facts.machine.processes.holders(of: reader.device.node)
      guard let process = holders.first(where: { $0.name != "pcscd" }) else {
        guard reader.isClaimed else {
          return unseenHolders(facts) ?? .pass("nobody has \(reader.device.node) open")
        }
        return .fail(
          .readerFailure, "some program has claimed \(reader.device.node)",
          cause: "another user's program, or one in a container, uses it",
          fix: .manual("sudo lsof \(reader.device.node)"))
      }
      return held(process, reader.device.node, facts)
    },

    Check("port-held", .conflicts, "No other program has the serial port", needs: ["serial-getty"])
    { facts in
      guard let node = facts.machine.portNode else { return .notApplicable("no port") }
      guard !node.hasPrefix("/dev/pts/") else {
        return .notApplicable("a pseudo-terminal has a program at its other end")
      }
      guard let process = facts.machine.processes.holders(of: node).first else {
        return unseenHolders(facts) ?? .pass("nobody has \(node) open")
      }
      return held(process, node, facts)
    },

    Check("serial-getty", .conflicts, "No login prompt is on the serial port") { facts in
      guard let tty = facts.machine.tty else { return .notApplicable("no serial port") }
      let getty = facts.machine.processes.named("agetty", "getty").first {
        $0.arguments.contains { $0 == tty || $0 == "/dev/\(tty)" }
      }
      guard let getty else { return .pass("no getty on \(tty)") }
      return .fail(
        .readerFailure, "\(getty.description) waits for a login on \(tty)",
        cause: "the serial console was left on; getty also takes the port's permissions away",
        fix: .command("sudo systemctl mask --now \(Shell.word("serial-getty@\(tty).service"))"))
    },

    Check("scdaemon", .conflicts, "GnuPG does not take the reader") { facts in
      guard let reader = facts.machine.usbReader,
        reader.device.interfaces.contains(where: \.isCCID)
      else { return .notApplicable("GnuPG has no driver for this reader") }
      return absence(
        of: ["scdaemon"], facts,
        cause: "GnuPG's card daemon drives CCID readers by itself and keeps them",
        fix: .command("gpgconf --kill scdaemon"))
    },

    Check("neard", .conflicts, "neard does not run") { facts in
      absence(
        of: ["neard"], facts, cause: "it drives readers through the kernel's NFC drivers",
        fix: .command("sudo systemctl disable --now neard.service"))
    },

    Check("gpsd", .conflicts, "gpsd does not probe the serial port") { facts in
      guard facts.machine.bridge != nil else { return noBridge }
      return absence(
        of: ["gpsd"], facts, cause: "it takes new serial adapters for satellite receivers",
        fix: .command("sudo systemctl disable --now gpsd.socket gpsd.service"))
    },

    Check("modem-manager", .conflicts, "ModemManager leaves the serial port alone") { facts in
      guard let bridge = facts.machine.bridge else { return noBridge }
      guard let manager = facts.machine.processes.named("ModemManager").first else {
        return .pass("ModemManager does not run")
      }
      let records = [bridge.device.udevRecord, facts.machine.ttyRecord].compactMap { $0 }
      let isIgnored = records.contains {
        facts.machine.files.text($0)?.contains("ID_MM_DEVICE_IGNORE=1") ?? false
      }
      guard !isIgnored else { return .pass("udev tells it to (ID_MM_DEVICE_IGNORE)") }
      let identifier = bridge.device.identifier
      let rule =
        "ATTRS{idVendor}==\"\(identifier.vendorText)\", "
        + "ATTRS{idProduct}==\"\(identifier.productText)\", ENV{ID_MM_DEVICE_IGNORE}=\"1\""
      return .warn(
        .readerFailure, "\(manager.description) may send to the \(bridge.reader.name)",
        cause: "it takes serial adapters for modems; the reader then starts with garbage",
        fix: .command(
          Shell.write([rule], to: "/etc/udev/rules.d/60-smartotp-serial.rules")
            + " && \(Shell.reloadRules)"))
    },

    Check("brltty", .conflicts, "brltty does not take the serial adapter") { facts in
      let bare = facts.machine.readers.first { $0.reader.isSerialBridge && $0.serialPort == nil }
      guard let bare else { return noBridge }
      guard let brltty = facts.machine.processes.named("brltty").first else {
        return .pass("brltty does not run")
      }
      return .fail(
        .noReader, "\(brltty.description) runs, and the \(bare.reader.name) has no port",
        cause: "its rules take this adapter's number for a braille display",
        fix: .command("sudo systemctl mask --now brltty.path brltty.service"))
    },
  ]

  private static let noBridge = Verdict.notApplicable("no serial adapter")

  /// Nobody was seen with the reader, but another user's processes show nothing of what they have
  /// open. That the reader opened settles it.
  private static func unseenHolders(_ facts: Facts) -> Verdict? {
    if facts.machine.system.credentials.user == 0 { return nil }
    if case .failed = facts.reader.opening {
      return .unseen("other users' processes do not show what they have open; run it with sudo")
    }
    return nil
  }

  private static func held(_ process: RunningProcess, _ node: String, _ facts: Facts) -> Verdict {
    let isOurs = ["smartotpd", "smartotp-reader"].contains(process.name)
    let hasService = facts.machine.programs.service["LoadState"] == "loaded"
    return .fail(
      .readerFailure, "\(process.description) has \(node) open",
      cause: isOurs ? "the service, or another smartotp, uses it" : "another program uses it",
      fix: isOurs && hasService
        ? .manual("sudo systemctl stop smartotpd.service") : .manual("sudo kill \(process.id)"))
  }

  private static func absence(
    of names: [String], _ facts: Facts, cause: String, fix: Fix
  ) -> Verdict {
    let found = names.lazy.compactMap { facts.machine.processes.named($0).first }.first
    guard let found else { return .pass("\(names.joined(separator: ", ")) does not run") }
    return .warn(.readerFailure, "\(found.description) runs", cause: cause, fix: fix)
  }
}

extension MachineFacts {
  /// udev's record of the serial port.
  fileprivate var ttyRecord: String? {
    guard let tty, let number = files.line("/sys/class/tty/\(tty)/dev") else { return nil }
    return "/run/udev/data/c\(number)"
  }
}

/// Modules that modprobe does not load by itself.
enum Blacklist {
  private static let folders = [
    "/etc/modprobe.d", "/run/modprobe.d", "/usr/lib/modprobe.d", "/lib/modprobe.d",
  ]

  static func holds(_ module: String, _ files: FileTree) -> Bool {
    folders.contains { folder in
      files.names(folder).filter { $0.hasSuffix(".conf") }.contains { name in
        (files.text("\(folder)/\(name)") ?? "").split(separator: "\n").contains { line in
          let words = line.split(separator: " ")
          // pn533_usb brings pn533, and pn533 brings nfc; barring the one that knows USB is enough.
          return words.count > 1 && (words[0] == "blacklist" || words[0] == "install")
            && words[1] == module
        }
      }
    }
  }

  static func command(for module: String) -> String {
    Shell.write(["blacklist \(module)"], to: "/etc/modprobe.d/smartotp-\(module).conf")
  }
}

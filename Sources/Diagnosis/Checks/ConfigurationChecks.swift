import ReaderUSB

extension Check {
  /// What /etc/nfc and the environment say.
  static let configuration: [Check] = [
    Check("reader-name", .configuration, "The reader that was asked for exists") { facts in
      guard let target = facts.machine.target else { return .notApplicable("none was named") }
      guard case .user(let place) = target.source else {
        return .notApplicable("none was named")
      }
      let seen: String
      if let problem = target.problem {
        seen = problem.explanation
      } else if let connstring = target.connstring,
        let problem = Names.problem(of: connstring, facts.machine)
      {
        seen = problem
      } else {
        return .pass("\(target.name) (\(place))")
      }
      return .fail(
        .noReader, "\(seen) (from \(place))",
        cause: "the reader was moved, unplugged, or never had this name",
        fix: .manual("smartotp readers"))
    },

    Check("configured-reader", .configuration, "The readers named in /etc/nfc exist") { facts in
      let settings = facts.machine.configuration.connstrings
      guard !settings.isEmpty else { return .notApplicable("none is named there") }
      for setting in settings {
        guard let problem = Names.problem(of: Connstring(setting.value), facts.machine) else {
          continue
        }
        let present = facts.machine.readers.compactMap(\.connstring)
        return .fail(
          .configuration, "\(setting.place): \(problem)",
          cause: present.isEmpty
            ? "the reader was unplugged, or the entry is a leftover"
            : "the entry is stale; now attached: \(present.joined(separator: ", "))",
          fix: .command(Names.comment(setting)))
      }
      return .pass(settings.map(\.value).joined(separator: ", "))
    },

    Check(
      "configured-name", .configuration, "Readers are named in a way that lasts",
      needs: ["configured-reader"]
    ) { facts in
      let settings = facts.machine.configuration.connstrings
      guard !settings.isEmpty else { return .notApplicable("none is named in /etc/nfc") }
      for setting in settings {
        let connstring = Connstring(setting.value)
        if connstring.namesNumbers {
          return .warn(
            .configuration, "\(setting.place): \(setting.value) names a device number",
            cause: "the number changes each time the reader is plugged in",
            fix: .command(Names.comment(setting)))
        }
        if let path = connstring.path,
          path.hasPrefix("/dev/ttyUSB") || path.hasPrefix("/dev/ttyACM")
        {
          let lasting = facts.machine.readers.lazy.compactMap(\.serialPort).first {
            $0.path == path
          }?.byIdentity.first
          return .warn(
            .configuration, "\(setting.place): \(path) is named in the order of plugging in",
            cause: "with a second adapter the numbers may be swapped after a restart",
            fix: lasting.map { .command(Names.replace(path, with: $0, in: setting)) }
              ?? .advice("name it by its link in /dev/serial/by-id"))
        }
      }
      return .pass(settings.map(\.value).joined(separator: ", "))
    },

    Check("serial-speed", .configuration, "The serial speed is one the port can do") { facts in
      guard let connstring = facts.machine.target?.connstring, connstring.bus == .serial,
        let speed = connstring.speed
      else { return .notApplicable("none is given") }
      let known = ["9600", "19200", "38400", "57600", "115200", "230400", "460800", "921600"]
      guard known.contains(speed) else {
        return .fail(
          .configuration, "\(speed) is no speed of a PN532's serial line",
          cause: "a typing error in the reader's name",
          fix: .advice("leave the speed out, or write 115200"))
      }
      guard facts.machine.tty != "ttyS0" || speed == "115200" || facts.machine.board == nil else {
        return .fail(
          .configuration, "\(speed) baud on the Raspberry Pi's mini-UART (ttyS0)",
          cause: "its clock follows the core's; only 115200 is safe there",
          fix: .advice("write 115200 in the reader's name"))
      }
      return .pass("\(speed) baud")
    },

    Check("libnfc-conf", .configuration, "libnfc understands its configuration") { facts in
      let configuration = facts.machine.configuration
      if let setting = configuration.unknownKeys.first {
        let isBare =
          setting.file == LibNFCConfiguration.file
          && ["name", "connstring", "optional"].contains(setting.key)
        let isDotted = setting.file != LibNFCConfiguration.file && setting.key.hasPrefix("device.")
        let better = isBare ? "device.\(setting.key)" : String(setting.key.dropFirst(7))
        return .warn(
          .configuration, "\(setting.place): libnfc knows no key '\(setting.key)'",
          cause: isBare || isDotted
            ? "libnfc.conf wants device.name, files in devices.d want name"
            : "a typing error, or an entry for another program",
          fix: isBare || isDotted
            ? .command(Names.replace(setting.key, with: better, in: setting))
            : .command(Names.comment(setting)))
      }
      if let (file, line) = configuration.brokenLines.first {
        return .warn(
          .configuration, "\(file):\(line) is neither a setting nor a comment",
          cause: "libnfc passes over the line without a word",
          fix: .manual("sudo nano +\(line) \(Shell.word(file))"))
      }
      return configuration.settings.isEmpty
        ? .notApplicable("nothing is set in /etc/nfc")
        : .pass("\(configuration.settings.count) settings in /etc/nfc")
    },

    Check("libnfc-devices", .configuration, "Files in devices.d are read") { facts in
      guard let file = facts.machine.configuration.ignoredFiles.first else {
        return .pass("nothing is passed over in \(LibNFCConfiguration.folder)")
      }
      return .warn(
        .configuration, "libnfc passes over \(DisplayText.safe(file))",
        cause: "it reads only files whose names end in .conf",
        fix: file.hasSuffix(".conf.sample")
          ? .manual("sudo mv \(Shell.word(file)) \(Shell.word(String(file.dropLast(7))))")
          : .manual("sudo mv \(Shell.word(file)) \(Shell.word(file + ".conf"))"))
    },

    Check("intrusive-scan", .configuration, "libnfc does not probe every serial port") { facts in
      guard let flag = facts.machine.configuration.flag("allow_intrusive_scan"), flag.isOn else {
        return .pass("allow_intrusive_scan is off")
      }
      let ports = facts.machine.files.names("/dev").filter {
        $0.hasPrefix("ttyS") || $0.hasPrefix("ttyUSB") || $0.hasPrefix("ttyACM")
          || $0.hasPrefix("ttyAMA")
      }
      return .warn(
        .configuration, "\(flag.place) allows it; there are \(ports.count) ports",
        cause: "each start sends bytes to every port and waits; a hundred seconds were seen",
        fix: .command(
          "sudo sed -i 's/^allow_intrusive_scan.*/allow_intrusive_scan = false/' "
            + LibNFCConfiguration.file))
    },

    Check("autoscan", .configuration, "libnfc looks for readers or is told of one") { facts in
      let configuration = facts.machine.configuration
      guard let flag = configuration.flag("allow_autoscan"), !flag.isOn else {
        return .pass("allow_autoscan is on")
      }
      if case .user? = facts.machine.target?.source {
        return .pass("off, and the reader is named")
      }
      guard configuration.connstrings.isEmpty else { return .pass("off, and a reader is named") }
      return .fail(
        .configuration, "\(flag.place) forbids looking, and no reader is named",
        cause: "the configuration was made for a reader that is no longer in it",
        fix: .command(
          "sudo sed -i 's/^allow_autoscan.*/allow_autoscan = true/' \(LibNFCConfiguration.file)"))
    },

    Check("libnfc-environment", .configuration, "No variable changes how libnfc searches") {
      facts in
      let environment = facts.machine.system.environment
      for (name, harmful) in [("LIBNFC_AUTO_SCAN", false), ("LIBNFC_INTRUSIVE_SCAN", true)] {
        guard let value = environment[name], LibNFCConfiguration.boolean(value) == harmful else {
          continue
        }
        return .warn(
          .configuration, "\(name)=\(DisplayText.safe(value))",
          cause: "smartotp passes it over, but nfc-list and other programs will not",
          fix: .manual("unset \(name)"))
      }
      return .pass("none is set")
    },
  ]
}

/// Names of readers in configuration, and what is wrong with them.
enum Names {
  static func problem(of connstring: Connstring, _ machine: MachineFacts) -> String? {
    guard let bus = connstring.bus else {
      return "libnfc has no driver '\(DisplayText.safe(connstring.driver))'"
    }
    if connstring.hasColonInPath, let path = connstring.path {
      let target = machine.files.resolved(path)
      return "libnfc cuts a path at its colon: \(path)"
        + (target.map { "; write \($0)" } ?? "")
    }
    if bus == .usb {
      guard connstring.namesNumbers else { return nil }
      return machine.readers.contains { $0.connstring == connstring.text }
        ? nil : "there is no \(connstring.text) on the bus"
    }
    // Ports of a Raspberry Pi that are switched off have checks of their own.
    guard let path = connstring.path, !RaspberryPiPort.isOne(path, machine) else { return nil }
    return machine.files.resolved(path) == nil ? "\(path) is not there" : nil
  }

  static func comment(_ setting: LibNFCConfiguration.Setting) -> String {
    "sudo sed -i '\(setting.line)s/^/# /' \(Shell.word(setting.file))"
  }

  static func replace(
    _ old: String, with new: String, in setting: LibNFCConfiguration.Setting
  ) -> String {
    let script = "\(setting.line)s|\(old)|\(new)|"
    return "sudo sed -i \(Shell.word(script)) \(Shell.word(setting.file))"
  }
}

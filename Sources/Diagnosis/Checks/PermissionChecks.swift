import ReaderUSB

extension Check {
  /// Who may use the reader.
  static let permissions: [Check] = [
    Check(
      "udev-rule", .permissions, "A udev rule gives access to the reader", needs: ["usb-node"]
    ) { facts in
      guard let reader = facts.machine.usbReader else { return noUSB }
      guard !facts.machine.system.credentials.overridesPermissions else {
        return .notApplicable("root needs no rule; run it as the user who will use the reader")
      }
      if let rule = facts.machine.rules.about(reader.device.identifier).first(where: \.givesAccess)
      {
        return .pass(rule.place)
      }
      guard let access = NodeAccess(facts.machine), !access.isAllowed else {
        return .pass("no rule names the reader, and it may be used all the same")
      }
      return .fail(
        .permission, "no udev rule names \(reader.device.identifier) (\(reader.reader.name))",
        cause: "the project's rules are not installed",
        fix: .command(RuleText.installing(for: reader, facts.machine)))
    },

    Check(
      "udev-applied", .permissions, "The udev rules are in force", needs: ["usb-node", "udev-rule"]
    ) { facts in
      guard let reader = facts.machine.usbReader else { return noUSB }
      let rules = facts.machine.rules.about(reader.device.identifier).filter(\.givesAccess)
      let files = facts.machine.files
      guard let applied = files.status(reader.device.udevRecord)?.modified, !rules.isEmpty else {
        return .notApplicable("no rule, or no record of udev's")
      }
      guard let late = rules.first(where: { files.status($0.file)?.modified ?? 0 > applied }) else {
        return .pass("udev has seen the reader since \(rules[0].fileName) was written")
      }
      return .fault(
        doesHarm: NodeAccess(facts.machine)?.isAllowed == false, .permission,
        "\(late.file) is newer than udev's record of the reader",
        cause: "rules work when a device is plugged in, and udev was not told of the new one",
        fix: .command(Shell.reloadRules))
    },

    Check("udev-order", .permissions, "The rule for desktop users comes early enough") { facts in
      guard let reader = facts.machine.usbReader else { return noUSB }
      let rules = facts.machine.rules.about(reader.device.identifier).filter(\.givesUserAccess)
      guard let late = rules.first, !rules.contains(where: { ($0.number ?? 0) < 73 }) else {
        return rules.isEmpty ? .notApplicable("no rule uses uaccess") : .pass(rules[0].place)
      }
      return .warn(
        .permission, "\(late.place) sets uaccess, but 73-seat-late.rules has acted by then",
        cause: "the file's number is 73 or higher",
        fix: .command(
          "sudo mv \(Shell.word(late.file)) "
            + "\(Shell.word(late.file.replacingName(with: "60-" + late.unnumberedName)))"
            + " && \(Shell.reloadRules)"))
    },

    Check(
      "udev-group", .permissions, "The node has the group that the rule gives",
      needs: ["usb-node", "udev-rule", "udev-applied"]
    ) { facts in
      guard let reader = facts.machine.usbReader,
        let status = facts.machine.files.status(reader.device.node)
      else { return noUSB }
      guard facts.machine.files.exists(reader.device.udevRecord) else {
        return .notApplicable("udev has no record of the reader")
      }
      let rules = facts.machine.rules.about(reader.device.identifier).filter {
        $0.value(of: "GROUP") != nil
      }
      let wanted = rules.last { $0.file.hasPrefix("/etc/") } ?? rules.last
      guard let wanted, let group = wanted.value(of: "GROUP") else {
        return .notApplicable("no rule gives a group")
      }
      let actual = facts.machine.users.groupName(status.group)
      guard actual != group else { return .pass("\(reader.device.node) belongs to group \(group)") }
      let exists = facts.machine.users.group(named: group) != nil
      let service = facts.machine.users.credentials(of: serviceUser)
      return .fault(
        doesHarm: !status.allowsUse(by: facts.machine.system.credentials)
          || service.map { !status.allowsUse(by: $0) } ?? false, .permission,
        "\(wanted.place) says GROUP \(group); \(reader.device.node) has \(actual)",
        cause: exists
          ? "a rule in a file with a higher number sets another group"
          : "there is no group \(group)",
        fix: exists
          ? .command(
            Shell.write(
              [RuleText.group(group, for: reader)], to: "/etc/udev/rules.d/99-smartotp-group.rules")
              + " && \(Shell.reloadRules)")
          : .command("sudo groupadd --system \(Shell.word(group)) && \(Shell.reloadRules)"))
    },

    Check(
      "group-session", .permissions, "The group membership holds in this session",
      needs: ["udev-group"]
    ) { facts in
      guard let access = NodeAccess(facts.machine) else { return noNode }
      let machine = facts.machine
      var later = machine.users.credentials(of: machine.userName)
      later?.overridesPermissions = machine.system.credentials.overridesPermissions
      guard !access.isAllowed, let later, access.status.allowsUse(by: later) else {
        return .pass("nothing is gained by logging in again")
      }
      return .fail(
        .permission,
        "\(machine.userName) is in \(access.groupName) since the last login, this session is not",
        cause: "groups are taken on at login",
        fix: .manual("newgrp \(Shell.word(access.groupName))"))
    },

    Check(
      "node-access", .permissions, "This user may open the reader",
      needs: [
        "usb-node", "udev-rule", "udev-applied", "udev-group", "group-session", "serial-getty",
      ]
    ) { facts in
      guard let access = NodeAccess(facts.machine) else { return noNode }
      guard !access.isAllowed else { return .pass(access.text) }
      let isGroupsToGive = access.status.group != 0 && access.status.mode & 0o060 == 0o060
      let user = Shell.word(facts.machine.userName)
      return .fail(
        .permission, "\(access.text); \(facts.machine.userName) may not write",
        cause: isGroupsToGive
          ? "\(facts.machine.userName) is not in the group \(access.groupName)"
          : "the node is root's alone",
        fix: isGroupsToGive
          ? .command("sudo usermod -aG \(Shell.word(access.groupName)) \(user)")
          : facts.machine.usbReader.map { .command(RuleText.installing(for: $0, facts.machine)) }
            ?? .manual("sudo chgrp dialout \(access.node) && sudo chmod g+rw \(access.node)"))
    },

    Check(
      "service-access", .permissions, "The service may open the reader",
      needs: ["node-access", "udev-group"]
    ) { facts in
      guard let access = NodeAccess(facts.machine) else { return noNode }
      guard let service = facts.machine.users.credentials(of: serviceUser) else {
        return .notApplicable("there is no user \(serviceUser)")
      }
      guard !access.status.allowsUse(by: service) else {
        return .pass("\(serviceUser) may open \(access.node)")
      }
      let group = access.groupName
      return .fail(
        .permission, "\(access.text); \(serviceUser) may not write",
        cause: "access by seat (uaccess) never reaches a service; it needs the group \(group)",
        fix: .command(
          "sudo usermod -aG \(Shell.word(group)) \(serviceUser)"
            + " && sudo systemctl restart smartotpd.service"))
    },

    Check("node-open-to-all", .permissions, "Not everybody may use the reader") { facts in
      guard let access = NodeAccess(facts.machine) else { return noNode }
      guard access.status.isWorldWritable else { return .pass(access.text) }
      let rule = facts.machine.usbReader.flatMap { reader in
        facts.machine.rules.about(reader.device.identifier).first {
          $0.value(of: "MODE")?.last == "6"
        }
      }
      return .warn(
        .permission, "\(access.text): every user and service may talk to the reader",
        cause: rule.map { "\($0.place) sets that mode" } ?? "somebody changed the mode by hand",
        fix: .command("sudo chmod o-rw \(access.node)"))
    },
  ]

  static let serviceUser = "smartotp-reader"
  private static let noNode = Verdict.notApplicable("no reader's node is there")
}

/// The examined reader's node and whether this user may use it.
struct NodeAccess {
  let node: String
  let status: FileStatus
  let isAllowed: Bool
  let groupName: String
  private let owner: String

  init?(_ machine: MachineFacts) {
    guard let node = machine.node, let status = machine.files.status(node) else { return nil }
    self.node = node
    self.status = status
    isAllowed = status.allowsUse(by: machine.system.credentials)
    groupName = machine.users.groupName(status.group)
    owner = machine.users.name(of: status.user)
  }

  var text: String { "\(node) is \(status.modeText) \(owner):\(groupName)" }
}

extension USBDevice {
  /// udev's record of the device, written when its rules have acted. USB nodes have the major
  /// number 189 and are counted in 128s for each bus.
  var udevRecord: String { "/run/udev/data/c189:\((busNumber - 1) * 128 + deviceNumber - 1)" }
}

/// Rules for one reader, to be written by a command.
enum RuleText {
  static func group(_ group: String, for reader: AttachedReader) -> String {
    "\(match(reader)), GROUP=\"\(group)\""
  }

  /// With the service's group where there is one, else with Debian's for removable devices.
  static func installing(for reader: AttachedReader, _ machine: MachineFacts) -> String {
    let group =
      machine.users.group(named: Check.serviceUser) == nil ? "plugdev" : Check.serviceUser
    let rule = "\(match(reader)), MODE=\"0660\", GROUP=\"\(group)\", TAG+=\"uaccess\""
    return Shell.write([rule], to: "/etc/udev/rules.d/60-smartotp-reader.rules")
      + " && \(Shell.reloadRules)"
  }

  private static func match(_ reader: AttachedReader) -> String {
    let identifier = reader.device.identifier
    return "SUBSYSTEM==\"usb\", ATTR{idVendor}==\"\(identifier.vendorText)\", "
      + "ATTR{idProduct}==\"\(identifier.productText)\""
  }
}

extension UdevRule {
  fileprivate var unnumberedName: String {
    let rest = fileName.drop { $0.isNumber }
    return String(rest.hasPrefix("-") ? rest.dropFirst() : rest)
  }
}

extension String {
  fileprivate func replacingName(with name: String) -> String {
    (lastIndex(of: "/").map { String(self[...$0]) } ?? "") + name
  }
}

import ReaderUSB

extension Check {
  /// What is on the USB, and how well it sits there.
  static let bus: [Check] = [
    Check("usb-present", .bus, "The machine has USB", needs: ["container"]) { facts in
      guard facts.machine.expectsUSB else {
        return .notApplicable("the reader is not on USB")
      }
      let missing = [USBDevice.folder, "/dev/bus/usb"].filter { !facts.machine.files.exists($0) }
      guard let path = missing.first else { return .pass("/sys/bus/usb and /dev/bus/usb") }
      return .fail(
        .noReader, "\(path) is missing",
        cause: "the kernel has no USB, or this is a container without it",
        fix: .advice("use a machine, or a container, that has USB"))
    },

    Check("reader-supported", .bus, "libnfc can drive the reader", needs: ["usb-present"]) {
      facts in
      let foreign = facts.machine.readers.first { $0.reader.chip == .other }
      guard let foreign, case .none(let use) = foreign.reader.access else {
        return facts.machine.target == nil
          ? .notApplicable("no reader is there") : .pass("it has a driver in libnfc")
      }
      guard facts.machine.target == nil || facts.machine.target?.attached == foreign else {
        return .pass("\(foreign.reader.name) at \(foreign.name) is passed over; another is there")
      }
      return .fail(
        .noReader, "libnfc has no driver for the \(foreign.reader.name) at \(foreign.name)",
        cause: "its chip is no PN53x; \(use)",
        fix: .advice("use one of the readers in Hardware/readers.md"))
    },

    Check(
      "reader-attached", .bus, "A reader is attached",
      needs: ["usb-present", "reader-supported", "virtual-machine", "reader-name", "serial-driver"]
    ) { facts in
      let machine = facts.machine
      if let reader = machine.target?.attached {
        return .pass("\(reader.reader.name) at \(reader.name)")
      }
      if let target = machine.target, target.problem == nil { return .pass(target.name) }
      return .fail(
        .noReader,
        machine.devices.isEmpty
          ? "no device is on the USB"
          : "no reader is attached: none of the \(machine.devices.count) devices on the USB is one",
        cause: "no reader is plugged in, or its cable or port is dead",
        fix: .advice("plug a reader in, directly into the computer; then look with lsusb"))
    },

    Check("usb-authorized", .bus, "The reader is allowed on the bus") { facts in
      guard let device = facts.machine.attachedDevice else { return noUSB }
      guard device.isAuthorized else {
        return .fail(
          .permission, "\(device.folder)/authorized is 0",
          cause: "USBGuard or another policy keeps new devices off",
          fix: .command(Shell.set("\(device.folder)/authorized", to: "1")))
      }
      return .pass("authorized")
    },

    Check("usb-configured", .bus, "The reader is configured", needs: ["usb-authorized"]) { facts in
      guard let device = facts.machine.attachedDevice else { return noUSB }
      guard device.isConfigured else {
        return .fail(
          .readerFailure, "\(device.folder)/bConfigurationValue is empty",
          cause: "the hub cannot give the power the reader asks for",
          fix: .advice("plug it into the computer itself or a powered hub"))
      }
      return .pass("configured")
    },

    Check("usb-node", .bus, "The reader has a device node", needs: ["container", "usb-present"]) {
      facts in
      guard let reader = facts.machine.usbReader else { return noUSB }
      guard facts.machine.files.exists(reader.device.node) else {
        return .fail(
          .noReader, "\(reader.device.node) is missing",
          cause: "udev or devtmpfs did not make the node",
          fix: .command("sudo udevadm trigger --action=add --subsystem-match=usb"))
      }
      return .pass(reader.device.node)
    },

    Check("usb-autosuspend", .bus, "The reader is not suspended when idle") { facts in
      guard let attached = facts.machine.target?.attached, let device = facts.machine.attachedDevice
      else { return noUSB }
      guard attached.reader.quirks.contains(.noAutosuspend), device.powerControl == "auto" else {
        return .pass("power/control is \(device.powerControl ?? "not there")")
      }
      return .warn(
        .readerFailure,
        "\(device.folder)/power/control is auto (now \(device.runtimeStatus ?? "unknown"))",
        cause: "a rule of libccid or a power saving tool; this reader does not wake up again",
        fix: .command(Shell.set("\(device.folder)/power/control", to: "on")))
    },

    Check("usb-speed", .bus, "The reader runs at full speed") { facts in
      guard let device = facts.machine.usbReader?.device else { return noUSB }
      guard device.speed >= 12 || device.speed == 0 else {
        return .warn(
          .readerFailure, "the reader runs at \(device.speed) Mbit/s instead of 12",
          cause: "a damaged or very long cable", fix: .advice("use another cable or port"))
      }
      return .pass("\(device.speed) Mbit/s")
    },

    Check("usb-hubs", .bus, "Few hubs lie in between") { facts in
      guard let device = facts.machine.attachedDevice else { return noUSB }
      guard device.port.hubs < 3 else {
        return .warn(
          .readerFailure, "\(device.port.hubs) hubs lie between the reader and the computer",
          cause: "each hub takes power and adds a place to fail",
          fix: .advice("plug the reader in nearer to the computer"))
      }
      return .pass("\(device.port.hubs) hubs")
    },

    Check("usb-power", .bus, "The hub can feed the reader") { facts in
      guard let device = facts.machine.attachedDevice else { return noUSB }
      let hub = "\(USBDevice.folder)/\(device.port.hubName)"
      let attributes = facts.machine.files.line("\(hub)/bmAttributes").flatMap {
        UInt8($0, radix: 16)
      }
      guard let attributes, let power = device.maximumPower else {
        return .notApplicable("the hub does not say")
      }
      // A hub that draws from the bus has 100 mA for each port (USB 2.0, 7.2.1).
      guard attributes & 0x40 == 0, power > 100 else { return .pass("\(power) mA are asked for") }
      return .warn(
        .readerFailure,
        "the reader asks for \(power) mA; the hub at \(device.port.hubName) has 100 for each port",
        cause: "the hub has no supply of its own",
        fix: .advice("use a powered hub, or the computer's own port"))
    },

    Check("usb-over-current", .bus, "The port was never overloaded") { facts in
      guard let device = facts.machine.attachedDevice else { return noUSB }
      let path = "\(USBDevice.folder)/\(device.port.portFolder)/over_current_count"
      guard let count = facts.machine.files.number(path) else {
        return .notApplicable("the port does not count")
      }
      guard count == 0 else {
        return .warn(
          .readerFailure, "\(path) is \(count)",
          cause: "the port was switched off for drawing too much; cable, hub or reader",
          fix: .advice("use another cable, or a powered hub"))
      }
      return .pass("over_current_count is 0")
    },

    Check("usb-descriptors", .bus, "The reader still knows its own descriptors") { facts in
      guard let device = facts.machine.attachedDevice else { return noUSB }
      guard facts.machine.kernelLog.isReadable else { return unreadableLog }
      let signs = ["device firmware changed", "descriptor too short", "can't read configurations"]
      let line = facts.machine.kernelLog.about(device.port).last { line in
        signs.contains { line.contains($0) }
      }
      guard let line else { return .pass("nothing of that in the kernel's log") }
      return .fail(
        .readerFailure, "the kernel says: \(line)",
        cause: "a USB reset made the PN533 forget its descriptors",
        fix: .advice("unplug it, wait five seconds, plug it in again; never reset it"))
    },

    Check("usb-errors", .bus, "The bus works without errors", needs: ["usb-descriptors"]) { facts in
      guard let device = facts.machine.attachedDevice else { return noUSB }
      guard facts.machine.kernelLog.isReadable else { return unreadableLog }
      // libnfc resets an ACR122U each time it opens it; on others a reset is a sign of trouble.
      let resets = facts.machine.usbReader?.reader.quirks.contains(.mayReset) == false
      let signs =
        ["error -", "not accepting address", "unable to enumerate", "over-current"]
        + (resets ? ["reset full-speed"] : [])
      let lines = facts.machine.kernelLog.about(device.port).filter { line in
        signs.contains { line.contains($0) }
      }
      guard let line = lines.last else { return .pass("no errors in the kernel's log") }
      return .warn(
        .readerFailure, "the kernel says, \(lines.count) times: \(line)",
        cause: "too little power when a card draws on the field, a bad cable or hub",
        fix: .advice("use a short cable and a powered hub"))
    },

    Check("same-serial", .bus, "Readers can be told apart") { facts in
      guard let reader = facts.machine.usbReader else { return noUSB }
      let twins = facts.machine.readers.filter {
        $0.device.identifier == reader.device.identifier
          && $0.device.serial == reader.device.serial && $0 != reader
      }
      guard let twin = twins.first, let target = facts.machine.target else {
        return .pass("no other reader has its serial number")
      }
      if case .user = target.source, ReaderName.namesPort(target.name) {
        return .pass("there are others, and this one is named by its port")
      }
      let serial = reader.device.serial.map { "the serial number \($0)" } ?? "no serial number"
      return .warn(
        .configuration, "\(reader.name) and \(twin.name) both have \(serial)",
        cause: "makers, and more so copiers, give many readers the same one",
        fix: .manual("export SMARTOTP_READER=\(reader.name)"))
    },

    Check("serial-driver", .bus, "The USB-serial adapter has its driver", needs: ["brltty"]) {
      facts in
      let bare = facts.machine.readers.first { $0.reader.isSerialBridge && $0.serialPort == nil }
      guard let bare else {
        return facts.machine.bridge == nil
          ? .notApplicable("no adapter is there") : .pass("it has a port")
      }
      let driver = bare.reader.kernelDriver ?? "its driver"
      return .fail(
        .noReader, "the \(bare.reader.name) at \(bare.name) has no serial port",
        cause: "the module \(driver) is not loaded, or another driver has the adapter",
        fix: .command("sudo modprobe \(Shell.word(driver))"))
    },
  ]

  static let noUSB = Verdict.notApplicable("no USB reader")
  private static let unreadableLog = Verdict.unseen("this user may not read the kernel's log")
}

extension MachineFacts {
  /// The examined reader's device on USB, a serial bridge included.
  var attachedDevice: USBDevice? { target?.attached?.device }
}

import ReaderUSB

extension Check {
  /// What only goes wrong on a Raspberry Pi.
  static let raspberryPi: [Check] = [
    Check("under-voltage", .raspberryPi, "The supply holds its voltage") { facts in
      guard facts.machine.board != nil else { return noBoard }
      let bits = facts.machine.programs.throttled
      let alarm = UnderVoltageAlarm.isOn(facts.machine.files)
      guard bits != nil || alarm != nil else { return .notApplicable("this model does not say") }
      // Bit 0 now, bit 16 since the start; the sensor and the firmware were seen to disagree.
      let isNow = (bits ?? 0) & 1 != 0 || alarm == true
      guard isNow || (bits ?? 0) & 0x10000 != 0 else { return .pass("no under-voltage so far") }
      return .fault(
        doesHarm: isNow, .readerFailure,
        isNow ? "the supply's voltage is too low now" : "the supply's voltage was too low before",
        cause: "a weak supply or a thin cable; readers drop out when a card draws on the field",
        fix: .advice("use the supply made for this model, and a powered hub for the reader"))
    },

    Check("usb-current", .raspberryPi, "The Raspberry Pi 5 gives its USB ports full current") {
      facts in
      guard let board = facts.machine.board, board.isPi5, facts.machine.attachedDevice != nil else {
        return .notApplicable("no USB reader on a Raspberry Pi 5")
      }
      guard let isRaised = facts.machine.programs.usbCurrentRaised else {
        return .unseen("vcgencmd does not say")
      }
      guard isRaised else {
        return .warn(
          .readerFailure, "usb_max_current_enable=0: all ports share 600 mA",
          cause: "the supply did not promise 5 A",
          fix: .advice("use a 5 A supply, or a powered hub"))
      }
      return .pass("usb_max_current_enable=1")
    },

    Check("uart-enabled", .raspberryPi, "The serial port is switched on") { facts in
      guard let (board, path) = RaspberryPiPort.uart(facts.machine) else { return noUART }
      guard facts.machine.files.resolved(path) == nil else { return .pass("\(path) is there") }
      return .fail(
        .configuration,
        "\(path) is not there; \(board.configurationFile) has "
          + (board.has("enable_uart=1") ? "enable_uart=1" : "no enable_uart=1"),
        cause: "the port is off until the next start, or was never switched on",
        fix: .command("sudo raspi-config nonint do_serial_hw 0 && sudo reboot"))
    },

    Check("serial-console", .raspberryPi, "The kernel's console is not on the reader's port") {
      facts in
      guard let (board, path) = RaspberryPiPort.uart(facts.machine) else { return noUART }
      let names = [path, facts.machine.portNode].compactMap { $0?.dropFirst(5) }
      guard let console = board.consoles.first(where: { name in names.contains { $0 == name } })
      else { return .pass("\(board.commandLineFile) names no such console") }
      return .fail(
        .configuration, "\(board.commandLineFile) has console=\(console)",
        cause: "the kernel writes its messages to the reader",
        fix: .command("sudo raspi-config nonint do_serial_cons 1 && sudo reboot"))
    },

    Check("core-clock", .raspberryPi, "The mini-UART's clock is fixed") { facts in
      guard let (board, _) = RaspberryPiPort.uart(facts.machine), facts.machine.tty == "ttyS0"
      else { return noMiniUART }
      let settings = ["enable_uart=1", "core_freq=250", "force_turbo=1"]
      guard let setting = settings.first(where: board.has) else {
        return .fail(
          .configuration, "the reader is on ttyS0 and \(board.configurationFile) fixes no clock",
          cause: "the mini-UART's speed follows the core's clock: 115200 was measured as 71800",
          fix: .command(
            "echo core_freq=250 | sudo tee -a \(board.configurationFile) && sudo reboot"))
      }
      return .pass(setting)
    },

    Check("mini-uart", .raspberryPi, "The reader has the good UART", needs: ["core-clock"]) {
      facts in
      guard let (board, _) = RaspberryPiPort.uart(facts.machine), facts.machine.tty == "ttyS0"
      else { return noMiniUART }
      return .warn(
        .configuration, "the reader is on ttyS0, the mini-UART",
        cause: "Bluetooth has the good UART (ttyAMA0)",
        fix: .command(
          "echo dtoverlay=disable-bt | sudo tee -a \(board.configurationFile) && sudo reboot"))
    },

    Check("pi5-uart", .raspberryPi, "The Raspberry Pi 5's port is the one on the header") { facts in
      guard let (board, path) = RaspberryPiPort.uart(facts.machine), board.isPi5 else {
        return .notApplicable("no serial reader on a Raspberry Pi 5")
      }
      guard facts.machine.tty == "ttyAMA10" else { return .pass(path) }
      return .fail(
        .configuration, "\(path) is ttyAMA10, the debug connector",
        cause: "on this model serial0 is not on the 40-pin header",
        fix: .command(
          "echo dtoverlay=uart0-pi5 | sudo tee -a \(board.configurationFile) && sudo reboot"))
    },

    Check("i2c-enabled", .raspberryPi, "I2C is switched on") { facts in
      interface(facts, bus: .i2c, parameter: "dtparam=i2c_arm=on", command: "do_i2c")
    },

    Check("spi-enabled", .raspberryPi, "SPI is switched on") { facts in
      interface(facts, bus: .spi, parameter: "dtparam=spi=on", command: "do_spi")
    },

    Check("i2c-speed", .raspberryPi, "The I2C bus is slow enough for a PN532") { facts in
      guard let board = facts.machine.board, facts.machine.target?.connstring?.bus == .i2c else {
        return .notApplicable("no I2C reader on a Raspberry Pi")
      }
      let speed = board.value("dtparam=i2c_arm_baudrate").flatMap { Int($0) } ?? 100_000
      guard speed > 50_000 else { return .pass("\(speed) Hz") }
      return .warn(
        .configuration, "the I2C bus runs at \(speed) Hz",
        cause: "a PN532 stretches the clock, which this controller follows only when slow",
        fix: .command(
          "echo dtparam=i2c_arm_baudrate=50000 | sudo tee -a \(board.configurationFile)"
            + " && sudo reboot"))
    },
  ]

  private static let noBoard = Verdict.notApplicable("not a Raspberry Pi")
  private static let noUART = Verdict.notApplicable("no reader on a Raspberry Pi's UART")
  private static let noMiniUART = Verdict.notApplicable("the reader is not on the mini-UART")

  private static func interface(
    _ facts: Facts, bus: Connstring.Bus, parameter: String, command: String
  ) -> Verdict {
    guard let connstring = facts.machine.target?.connstring, connstring.bus == bus,
      let path = connstring.path, let board = facts.machine.board
    else { return .notApplicable("no such reader on a Raspberry Pi") }
    guard facts.machine.files.resolved(path) == nil else { return .pass("\(path) is there") }
    return .fail(
      .configuration,
      "\(path) is not there; \(board.configurationFile) has "
        + (board.has(parameter) ? parameter : "no \(parameter)"),
      cause: "the interface is off until the next start, or was never switched on",
      fix: .command("sudo raspi-config nonint \(command) 0 && sudo reboot"))
  }
}

/// The ports on a Raspberry Pi's header.
enum RaspberryPiPort {
  /// Whether a path is one that the firmware's configuration brings or takes.
  static func isOne(_ path: String, _ machine: MachineFacts) -> Bool {
    guard machine.board != nil else { return false }
    let names = ["/dev/serial0", "/dev/serial1", "/dev/ttyAMA", "/dev/ttyS0", "/dev/i2c-"]
    return (names + ["/dev/spidev"]).contains { path.hasPrefix($0) }
  }

  /// The board and the port's path, when the examined reader is on a UART of the header.
  static func uart(_ machine: MachineFacts) -> (Board, String)? {
    guard let board = machine.board, let path = machine.portPath,
      machine.target?.connstring?.bus == .serial, isOne(path, machine)
    else { return nil }
    return (board, path)
  }
}

/// The firmware's sensor in sysfs.
private enum UnderVoltageAlarm {
  static func isOn(_ files: FileTree) -> Bool? {
    let folder = "/sys/class/hwmon"
    let sensor = files.names(folder).first {
      files.line("\(folder)/\($0)/name") == "rpi_volt"
    }
    return sensor.flatMap { files.number("\(folder)/\($0)/in0_lcrit_alarm") }.map { $0 != 0 }
  }
}

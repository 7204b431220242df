import PlantedSystem
import Reader
import ReaderUSB
import Simulation

@testable import Diagnosis

/// A machine with a reader on which all is well, until something is planted.
final class PlantedMachine {
  enum Kind: CaseIterable {
    /// An ACR122U behind a hub.
    case usb
    /// A PN532 board behind a CH340.
    case adapter
    /// A PN532 on a Raspberry Pi 4's UART.
    case uart
    case raspberryPi5
    case i2c
    case spi
  }

  static let user: UInt32 = 1000
  static let now = 1_790_000_000
  static let program = "/usr/libexec/smartotp/smartotp-reader"
  static let own: Int32 = 900
  static let library = "/usr/lib/aarch64-linux-gnu/libnfc.so.6"

  let tree = PlantedTree()
  let kind: Kind
  var environment: [String: String] = [:]
  var credentials = Credentials(user: PlantedMachine.user, groups: [1000, 20, 46])
  var answers: [String: String] = [
    "timedatectl show --property=NTPSynchronized --value": "yes\n",
    "systemctl show smartotpd.service --property=LoadState --property=PrivateDevices --property=DevicePolicy":
      "LoadState=loaded\nPrivateDevices=no\nDevicePolicy=auto\n",
  ]
  var chip = SimulatedProbe()
  /// What the serial port sends back where libnfc understood nothing.
  var heard: SerialAnswer?
  /// The command line's --reader.
  var readerName: String?

  init(_ kind: Kind) {
    self.kind = kind
    plantSystem()
    plantUsers()
    switch kind {
    case .usb: plantUSBReader()
    case .adapter: plantAdapter()
    case .uart: plantBoard("Raspberry Pi 4 Model B Rev 1.4")
    case .raspberryPi5: plantBoard("Raspberry Pi 5 Model B Rev 1.0")
    case .i2c: plantBoard("Raspberry Pi 4 Model B Rev 1.4", reader: "pn532_i2c:/dev/i2c-1")
    case .spi: plantBoard("Raspberry Pi 4 Model B Rev 1.4", reader: "pn532_spi:/dev/spidev0.0")
    }
  }

  var system: SystemRoot {
    SystemRoot(
      files: tree.files, environment: environment, credentials: credentials,
      commands: ScriptedCommands(answers: answers), serialPorts: ScriptedPort(answer: heard),
      ownProcess: Self.own, now: Self.now, readerProgram: Self.program)
  }

  func diagnose() async -> Report {
    let chip = self.chip
    var diagnosis = Diagnosis(system: system, reader: readerName, open: { _ in chip })
    diagnosis.now = { chip.time }
    return await diagnosis.run()
  }
}

/// Programs whose answers are known beforehand.
struct ScriptedCommands: CommandRunner {
  let answers: [String: String]

  func output(of arguments: [String], within milliseconds: Int) async -> String? {
    answers[arguments.joined(separator: " ")]
  }
}

/// A port whose answer is known beforehand.
struct ScriptedPort: SerialListener {
  let answer: SerialAnswer?

  func answer(at path: String) async -> SerialAnswer? { answer }
}

// MARK: - What a sound machine has

extension PlantedMachine {
  private func plantSystem() {
    tree.write("/proc/sys/kernel/osrelease", "6.12.25+rpt-rpi-v8\n")
    tree.write(Self.library, "")
    tree.write("/etc/ld.so.cache", "\0\(Self.library)\0")
    let packages = [
      ("libnfc6", "1.8.0-4"), ("libusb-1.0-0", "2:1.0.28-1"), ("libssl3t64", "3.5.0-1"),
    ]
    for (name, version) in packages { tree.install(name, version) }
    tree.makeFolder("/run/udev/control")
    tree.write(Self.program, "")
    tree.statuses[Self.program] = FileStatus(mode: 0o755, modified: Self.now - 1_000_000)
    tree.write("/dev/kmsg", "6,1,1000,-;usb 1-1.2: new full-speed USB device number 4\n")
    tree.write(
      "/etc/nfc/libnfc.conf",
      "# Allow device auto-detection\nallow_autoscan = true\nallow_intrusive_scan = false\n")
    tree.run(1, "systemd")
    tree.run(
      902, "smartotp-reader", arguments: [Self.program])
    tree.write("/proc/902/stat", "902 (smartotp-reader) S \(Self.own) 902 902 0\n")
    tree.write("/proc/902/maps", "7f00-7f01 r-xp 0000 08:01 12 \(Self.library).0.0\n")
  }

  private func plantUsers() {
    tree.write(
      "/etc/passwd",
      "root:x:0:0::/root:/bin/sh\nkim:x:1000:1000::/home/kim:/bin/sh\nsmartotp-reader:x:990:990::/:\n"
    )
    tree.write(
      "/etc/group",
      "root:x:0:\ndialout:x:20:kim,smartotp-reader\nplugdev:x:46:kim,smartotp-reader\nkim:x:1000:\n"
        + "smartotp-reader:x:990:\ni2c:x:994:\n")
  }

  static let hub = PlantedDevice(
    "1-1", "2109", "3431", number: 2, interfaceClass: "09", driver: "hub")
  static let reader = PlantedDevice.acr122()
  static let rulesFile = "/etc/udev/rules.d/60-smartotp-reader.rules"
  static let rule =
    "SUBSYSTEM==\"usb\", ATTR{idVendor}==\"072f\", ATTR{idProduct}==\"2200\", MODE=\"0660\", "
    + "GROUP=\"plugdev\", TAG+=\"uaccess\"\n"

  private func plantUSBReader() {
    tree.plug(Self.hub)
    tree.write("\(Self.hub.folder)/bmAttributes", "e0\n")
    tree.plug(Self.reader, group: 46)
    tree.write("\(Self.hub.folder):1.0/1-1-port2/over_current_count", "0\n")
    tree.write(Self.rulesFile, Self.rule)
    tree.statuses[Self.rulesFile] = FileStatus(mode: 0o644, modified: Self.now - 5000)
    tree.write("/run/udev/data/c189:3", "I:1000\n")
    tree.statuses["/run/udev/data/c189:3"] = FileStatus(mode: 0o644, modified: Self.now - 4000)
    tree.write("/etc/modprobe.d/smartotp-reader.conf", "blacklist pn533_usb\n")
  }

  private func plantAdapter() {
    tree.plug(Self.hub)
    tree.plug(.bridge(), group: 20)
    tree.write("/sys/class/tty/ttyUSB0/dev", "188:0\n")
    chip = SimulatedProbe(lineSpeed: 115_200)
  }

  private func plantBoard(_ model: String, reader: String = "pn532_uart:/dev/serial0") {
    tree.makeFolder("/sys/bus/usb/devices")
    tree.write("/proc/device-tree/model", "\(model)\0")
    tree.write(
      "/boot/firmware/config.txt",
      "enable_uart=1\ndtoverlay=disable-bt\ndtparam=i2c_arm=on\ndtparam=spi=on\n"
        + "dtparam=i2c_arm_baudrate=50000\n")
    tree.write("/boot/firmware/cmdline.txt", "console=tty1 root=/dev/mmcblk0p2\n")
    for node in ["ttyAMA0", "ttyAMA10", "ttyS0", "i2c-1", "spidev0.0"] {
      tree.node("/dev/\(node)", group: 20)
    }
    tree.link("/dev/serial0", to: "ttyAMA0")
    environment["SMARTOTP_READER"] = reader
    answers["vcgencmd get_throttled"] = "throttled=0x0\n"
    answers["vcgencmd get_config usb_max_current_enable"] = "usb_max_current_enable=1\n"
    if reader.hasPrefix("pn532_uart") { chip = SimulatedProbe(lineSpeed: 115_200) }
  }
}

extension PlantedTree {
  func install(_ package: String, _ version: String) {
    append(
      "/var/lib/dpkg/status",
      "Package: \(package)\nStatus: install ok installed\nVersion: \(version)\n\n")
  }

  func remove(package: String) {
    let status = files.text("/var/lib/dpkg/status") ?? ""
    write(
      "/var/lib/dpkg/status", status.replacing("Package: \(package)\n", with: "Package: gone\n"))
  }

  func replace(_ old: String, with new: String, in path: String) {
    write(path, (files.text(path) ?? "").replacing(old, with: new))
  }
}

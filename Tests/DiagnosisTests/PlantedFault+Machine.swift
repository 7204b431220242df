import PlantedSystem
import ReaderUSB

@testable import Diagnosis

extension PlantedFault {
  private typealias Machine = PlantedMachine

  static let system: [PlantedFault] = [
    PlantedFault("kernel-version") { $0.tree.write("/proc/sys/kernel/osrelease", "4.19.97-v7+\n") },
    PlantedFault("libnfc-installed") { $0.tree.remove(Machine.library) },
    PlantedFault("libnfc-cache") { machine in
      machine.tree.remove(Machine.library)
      machine.tree.write("/usr/local/lib/libnfc.so.6", "")
    },
    PlantedFault("libnfc-copies", is: .warn) {
      $0.tree.write("/usr/local/lib/libnfc.so.6", "")
    },
    PlantedFault("libnfc-version", is: .warn) {
      $0.tree.replace("1.8.0-4", with: "1.7.1-4+b1", in: "/var/lib/dpkg/status")
    },
    PlantedFault("libusb-version", is: .warn) {
      $0.tree.replace("2:1.0.28-1", with: "2:1.0.21-2", in: "/var/lib/dpkg/status")
    },
    PlantedFault("openssl-version") { machine in
      machine.tree.remove(package: "libssl3t64")
      machine.tree.install("libssl1.1", "1.1.1w-0")
    },
    PlantedFault("udev-running", is: .warn) { $0.tree.remove("/run/udev/control") },
    PlantedFault("reader-program") { machine in
      machine.tree.statuses[Machine.program] = FileStatus(
        mode: 0o644, modified: Machine.now - 1_000_000)
    },
    PlantedFault("clock-set", is: .warn) { machine in
      machine.tree.statuses[Machine.program] = FileStatus(
        mode: 0o755, modified: Machine.now + 1_000_000)
    },
    PlantedFault("clock-synchronised", is: .warn) {
      $0.answers["timedatectl show --property=NTPSynchronized --value"] = "no\n"
    },
    PlantedFault("container") { machine in
      machine.environment["container"] = "podman"
      machine.tree.unplug(Machine.reader)
      machine.tree.remove("/dev/bus")
      machine.tree.statuses = machine.tree.statuses.filter { !$0.key.hasPrefix("/dev/bus") }
    },
    PlantedFault("container") { machine in
      machine.tree.write("/.dockerenv", "")
      machine.tree.remove(Machine.reader.node)
      machine.tree.statuses[Machine.reader.node] = nil
    },
    PlantedFault("virtual-machine") { machine in
      machine.tree.write("/sys/class/dmi/id/sys_vendor", "QEMU\n")
      machine.tree.unplug(Machine.reader)
    },
    PlantedFault("service-sandbox") { machine in
      for key in machine.answers.keys where key.hasPrefix("systemctl") {
        machine.answers[key] = "LoadState=loaded\nPrivateDevices=yes\n"
      }
    },
  ]

  private static let conf = "/etc/nfc/libnfc.conf"

  static let configured: [PlantedFault] = [
    PlantedFault("reader-name") { $0.readerName = "usb:1-1.4" },
    PlantedFault("reader-name") { $0.environment["LIBNFC_DEVICE"] = "acr122_usb:001:099" },
    PlantedFault("reader-name") { $0.readerName = "pn533_usb:001:004" },
    PlantedFault("reader-name", on: .adapter) { $0.readerName = "pn532_uart:/dev/ttyUSB7" },
    PlantedFault("reader-name", on: .adapter) {
      $0.readerName = "pn532_uart:/dev/serial/by-path/platform-usb-0:1-1.3:1.0"
    },
    PlantedFault("configured-reader") {
      $0.tree.append(conf, "device.connstring = \"acr122_usb:001:007\"\n")
    },
    PlantedFault("configured-name", is: .warn) {
      $0.tree.append(conf, "device.connstring = \"acr122_usb:001:004\"\n")
    },
    PlantedFault("configured-name", on: .adapter, is: .warn) {
      $0.tree.write("/etc/nfc/devices.d/pn532.conf", "connstring = pn532_uart:/dev/ttyUSB0\n")
    },
    PlantedFault("serial-speed", on: .adapter) {
      $0.readerName = "pn532_uart:/dev/ttyUSB0:11520"
    },
    PlantedFault("libnfc-conf", is: .warn) { $0.tree.append(conf, "name = \"Left\"\n") },
    PlantedFault("libnfc-conf", is: .warn) { $0.tree.append(conf, "log_level 3\n") },
    PlantedFault("libnfc-conf", is: .warn) {
      $0.tree.write("/etc/nfc/devices.d/left.conf", "device.name = \"Left\"\n")
    },
    PlantedFault("libnfc-devices", is: .warn) {
      $0.tree.write("/etc/nfc/devices.d/pn532.conf.sample", "name = \"Left\"\n")
    },
    PlantedFault("intrusive-scan", is: .warn) {
      $0.tree.replace("scan = false", with: "scan = true", in: conf)
    },
    PlantedFault("autoscan") {
      $0.tree.replace("autoscan = true", with: "autoscan = false", in: conf)
    },
    PlantedFault("libnfc-environment", is: .warn) {
      $0.environment["LIBNFC_INTRUSIVE_SCAN"] = "yes"
    },
  ]

  static let onTheBus: [PlantedFault] = [
    PlantedFault("usb-present") { machine in
      machine.tree.remove("/sys/bus")
      machine.tree.remove("/dev/bus")
    },
    PlantedFault("reader-supported") { machine in
      machine.tree.unplug(Machine.reader)
      machine.tree.plug(PlantedDevice("1-1.2", "072f", "223b", number: 4, interfaceClass: "0b"))
    },
    PlantedFault("reader-attached") { $0.tree.unplug(Machine.reader) },
    PlantedFault("usb-authorized") { $0.tree.write("\(Machine.reader.folder)/authorized", "0\n") },
    PlantedFault("usb-configured") {
      $0.tree.write("\(Machine.reader.folder)/bConfigurationValue", "\n")
    },
    PlantedFault("usb-node") { machine in
      machine.tree.remove(Machine.reader.node)
      machine.tree.statuses[Machine.reader.node] = nil
    },
    PlantedFault("usb-autosuspend", is: .warn) {
      $0.tree.write("\(Machine.reader.folder)/power/control", "auto\n")
    },
    PlantedFault("usb-speed", is: .warn) {
      $0.tree.write("\(Machine.reader.folder)/speed", "1.5\n")
    },
    PlantedFault("usb-hubs", is: .warn) { machine in
      machine.tree.unplug(Machine.reader)
      machine.tree.plug(.acr122(at: "1-1.2.3.4", number: 4), group: 46)
    },
    PlantedFault("usb-power", is: .warn) {
      $0.tree.write("\(Machine.hub.folder)/bmAttributes", "a0\n")
    },
    PlantedFault("usb-over-current", is: .warn) {
      $0.tree.write("\(Machine.hub.folder):1.0/1-1-port2/over_current_count", "3\n")
    },
    PlantedFault("usb-descriptors") {
      $0.tree.append("/dev/kmsg", "3,9,2000,-;usb 1-1.2: device firmware changed\n")
    },
    PlantedFault("usb-errors", is: .warn) {
      $0.tree.append("/dev/kmsg", "3,9,2000,-;usb 1-1.2: device descriptor read/64, error -71\n")
    },
    PlantedFault("same-serial", is: .warn) {
      $0.tree.plug(.acr122(at: "1-1.3", number: 9), group: 46)
    },
    PlantedFault("serial-driver", on: .adapter) { machine in
      machine.tree.unplug(.bridge())
      machine.tree.plug(.bridge(tty: nil))
    },
  ]

  private static let config = "/boot/firmware/config.txt"

  static let onTheBoard: [PlantedFault] = [
    PlantedFault("under-voltage", on: .uart) {
      $0.answers["vcgencmd get_throttled"] = "throttled=0x50005\n"
    },
    PlantedFault("under-voltage", on: .uart, is: .warn) {
      $0.answers["vcgencmd get_throttled"] = "throttled=0x50000\n"
    },
    PlantedFault("under-voltage", on: .i2c) { machine in
      machine.tree.write("/sys/class/hwmon/hwmon1/name", "rpi_volt\n")
      machine.tree.write("/sys/class/hwmon/hwmon1/in0_lcrit_alarm", "1\n")
    },
    PlantedFault("usb-current", on: .raspberryPi5, is: .warn) { machine in
      machine.environment = [:]
      machine.tree.plug(Machine.reader, group: 46)
      machine.tree.write(Machine.rulesFile, Machine.rule)
      machine.tree.write("/etc/modprobe.d/smartotp-reader.conf", "blacklist pn533_usb\n")
      machine.answers["vcgencmd get_config usb_max_current_enable"] = "usb_max_current_enable=0\n"
    },
    PlantedFault("uart-enabled", on: .uart) { machine in
      machine.tree.remove("/dev/serial0")
      machine.tree.replace("enable_uart=1\n", with: "", in: config)
    },
    PlantedFault("serial-console", on: .uart) {
      $0.tree.write("/boot/firmware/cmdline.txt", "console=serial0,115200 console=tty1\n")
    },
    PlantedFault("core-clock", on: .uart) { machine in
      machine.tree.link("/dev/serial0", to: "ttyS0")
      machine.tree.replace("enable_uart=1\n", with: "", in: config)
    },
    PlantedFault("mini-uart", on: .uart, is: .warn) {
      $0.tree.link("/dev/serial0", to: "ttyS0")
    },
    PlantedFault("serial-speed", on: .uart) { machine in
      machine.environment["SMARTOTP_READER"] = "pn532_uart:/dev/ttyAMA0:7200"
    },
    PlantedFault("pi5-uart", on: .raspberryPi5) { $0.tree.link("/dev/serial0", to: "ttyAMA10") },
    PlantedFault("i2c-enabled", on: .i2c) { machine in
      machine.tree.remove("/dev/i2c-1")
      machine.tree.statuses["/dev/i2c-1"] = nil
    },
    PlantedFault("spi-enabled", on: .spi) { machine in
      machine.tree.remove("/dev/spidev0.0")
      machine.tree.statuses["/dev/spidev0.0"] = nil
    },
    PlantedFault("i2c-speed", on: .i2c, is: .warn) {
      $0.tree.replace("baudrate=50000", with: "baudrate=400000", in: config)
    },
  ]
}

import ReaderUSB

/// A device to plug into a planted tree.
public struct PlantedDevice: Sendable {
  public var port: String
  public var vendor: String
  public var product: String
  public var number: Int
  public var serial: String?
  public var speed = "12"
  public var productName = "Device"
  /// Class of its one interface.
  public var interfaceClass = "ff"
  public var driver: String?
  public var tty: String?

  public init(
    _ port: String, _ vendor: String, _ product: String, number: Int, serial: String? = nil,
    interfaceClass: String = "ff", driver: String? = nil, tty: String? = nil
  ) {
    self.port = port
    self.vendor = vendor
    self.product = product
    self.number = number
    self.serial = serial
    self.interfaceClass = interfaceClass
    self.driver = driver
    self.tty = tty
  }

  public static func acr122(at port: String = "1-1.2", number: Int = 4) -> PlantedDevice {
    var device = PlantedDevice(port, "072f", "2200", number: number, interfaceClass: "0b")
    device.productName = "ACR122U PICC Interface"
    return device
  }

  public static func bridge(
    at port: String = "1-1.3", number: Int = 5, tty: String? = "ttyUSB0"
  ) -> PlantedDevice {
    var device = PlantedDevice(
      port, "1a86", "7523", number: number, driver: tty == nil ? nil : "ch341", tty: tty)
    device.productName = "USB Serial"
    return device
  }

  public var busNumber: Int { Int(port.prefix { $0 != "-" }) ?? 1 }
  public var folder: String { "/sys/bus/usb/devices/\(port)" }
  public var interface: String { "\(folder):1.0" }

  public var node: String {
    let number = String(number)
    return "/dev/bus/usb/00\(busNumber)/" + String(repeating: "0", count: 3 - number.count) + number
  }
}

extension PlantedTree {
  /// Adds the device's files in /sys and its nodes in /dev.
  public func plug(_ device: PlantedDevice, group: UInt32 = 0) {
    let folder = device.folder
    let values: [String: String] = [
      "idVendor": device.vendor, "idProduct": device.product, "busnum": "\(device.busNumber)",
      "devnum": "\(device.number)", "bcdDevice": "0214", "manufacturer": "Maker",
      "product": device.productName, "speed": device.speed, "bMaxPower": "200mA",
      "bConfigurationValue": "1", "authorized": "1", "power/control": "on",
      "power/runtime_status": "active",
    ]
    for (name, value) in values { write("\(folder)/\(name)", "\(value)\n") }
    if let serial = device.serial { write("\(folder)/serial", "\(serial)\n") }
    write("\(device.interface)/bInterfaceClass", "\(device.interfaceClass)\n")
    write("\(device.interface)/bInterfaceSubClass", "00\n")
    write("\(device.interface)/bInterfaceProtocol", "00\n")
    if let driver = device.driver {
      link("\(device.interface)/driver", to: "../../../../bus/usb/drivers/\(driver)")
    }
    node(device.node, group: group)
    guard let tty = device.tty else { return }
    makeFolder("\(device.interface)/\(tty)")
    link("/dev/serial/by-id/usb-\(device.vendor)_\(tty)", to: "../../\(tty)")
    link("/dev/serial/by-path/platform-usb-0:\(device.port):1.0", to: "../../\(tty)")
    node("/dev/\(tty)", group: group)
  }

  public func unplug(_ device: PlantedDevice) {
    remove(device.folder)
    remove(device.interface)
    remove(device.node)
    guard let tty = device.tty else { return }
    remove("/dev/\(tty)")
    remove("/dev/serial")
  }

  /// A process, its open files among it.
  public func run(_ id: Int, _ name: String, arguments: [String] = [], open: [String] = []) {
    write("/proc/\(id)/comm", "\(name)\n")
    write("/proc/\(id)/cmdline", (arguments.isEmpty ? [name] : arguments).joined(separator: "\0"))
    for (index, path) in open.enumerated() { link("/proc/\(id)/fd/\(index + 3)", to: path) }
  }
}

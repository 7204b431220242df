/// Where a device sits: bus and ports, `1-2.1` in the kernel's words; `usb1` is the bus's own hub.
struct USBLocation: Equatable, Sendable {
  static let controller = "/devices/pci0000:00/0000:00:14.0"

  let name: String
  let bus: UInt8
  /// Below /sys.
  let path: String
  /// The chain of ports, `2.1`; 0 for the hub of the bus.
  let ports: String

  static func rootHub(bus: UInt8) -> USBLocation {
    USBLocation(name: "usb\(bus)", bus: bus, path: "\(controller)/usb\(bus)", ports: "0")
  }

  private init(name: String, bus: UInt8, path: String, ports: String) {
    self.name = name
    self.bus = bus
    self.path = path
    self.ports = ports
  }

  /// Nil for what is no name of a port on bus 1.
  init?(_ name: String) {
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let bus = UInt8(parts[0]), bus == 1 else { return nil }
    let chain = parts[1].split(separator: ".", omittingEmptySubsequences: false)
    guard (1...6).contains(chain.count), chain.allSatisfy({ UInt8($0).map { $0 > 0 } ?? false })
    else { return nil }
    let hubs = chain.indices.map { "\(bus)-" + chain[...$0].joined(separator: ".") }
    self.init(
      name: name, bus: bus, path: ([Self.rootHub(bus: bus).path] + hubs).joined(separator: "/"),
      ports: String(parts[1]))
  }

  /// The file that switches the power of the port it is in; below /sys.
  var powerSwitchPath: String {
    let chain = ports.split(separator: ".")
    let hub = chain.count > 1 ? "\(bus)-" + chain.dropLast().joined(separator: ".") : "usb\(bus)"
    let interface = chain.count > 1 ? "\(hub):1.0" : "\(bus)-0:1.0"
    let folder = path.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }
    return "\(folder)/\(interface)/\(hub)-port\(chain.last ?? "0")/disable"
  }

  func node(_ number: UInt8) -> String { "bus/usb/\(bus.threeDigits)/\(number.threeDigits)" }
}

extension UInt8 {
  fileprivate var threeDigits: String {
    String(repeating: "0", count: 3 - String(self).count) + String(self)
  }
}

extension SysfsDevice {
  /// A device and its interfaces, the device first.
  static func usb(
    _ description: DeviceDescription, at location: USBLocation, number: UInt8
  ) -> [SysfsDevice] {
    [usbDevice(description, at: location, number: number)]
      + description.configuration.interfaces.map {
        usbInterface($0, of: description, at: location)
      }
  }

  private static func usbDevice(
    _ description: DeviceDescription, at location: USBLocation, number: UInt8
  ) -> SysfsDevice {
    var device = SysfsDevice(path: location.path)
    let minor = Int(location.bus - 1) * 128 + Int(number) - 1
    let node = location.node(number)
    device.node(node, contents: description.descriptors)
    device.property("SUBSYSTEM", "usb")
    device.property("DEVTYPE", "usb_device")
    device.property("DRIVER", "usb")
    device.property("DEVNAME", "/dev/\(node)")
    device.property("MAJOR", "189")
    device.property("MINOR", "\(minor)")
    device.property("PRODUCT", description.productCode)
    device.property(
      "TYPE",
      "\(description.deviceClass)/\(description.deviceSubclass)/\(description.deviceProtocol)")
    device.property("BUSNUM", String(node.split(separator: "/")[2]))
    device.property("DEVNUM", String(node.split(separator: "/")[3]))
    device.property("ID_VENDOR_ID", description.vendor.hexadecimal)
    device.property("ID_MODEL_ID", description.product.hexadecimal)
    device.attribute("dev", "189:\(minor)")
    for (name, value) in description.attributes { device.attribute(name, value) }
    device.attribute("busnum", "\(location.bus)")
    device.attribute("devnum", "\(number)")
    device.attribute("devpath", location.ports)
    device.binary("descriptors", description.descriptors)
    return device
  }

  private static func usbInterface(
    _ interface: DeviceDescription.Interface, of description: DeviceDescription,
    at location: USBLocation
  ) -> SysfsDevice {
    let number = interface.number
    var device = SysfsDevice(path: location.interfacePath(number, description))
    device.property("SUBSYSTEM", "usb")
    device.property("DEVTYPE", "usb_interface")
    device.property("PRODUCT", description.productCode)
    device.property(
      "INTERFACE",
      "\(interface.interfaceClass)/\(interface.subclass)/\(interface.interfaceProtocol)")
    device.attribute("bAlternateSetting", " 0")
    device.attribute("bInterfaceClass", interface.interfaceClass.hexadecimal)
    device.attribute("bInterfaceNumber", number.hexadecimal)
    device.attribute("bInterfaceProtocol", interface.interfaceProtocol.hexadecimal)
    device.attribute("bInterfaceSubClass", interface.subclass.hexadecimal)
    device.attribute("bNumEndpoints", UInt8(interface.endpoints.count).hexadecimal)
    return device
  }
}

extension USBLocation {
  func interfacePath(_ number: UInt8, _ description: DeviceDescription) -> String {
    let prefix = ports == "0" ? "\(bus)-0" : name
    return "\(path)/\(prefix):\(description.configuration.value).\(number)"
  }
}

extension DeviceDescription {
  /// As uevents give it: hexadecimal without leading zeros.
  fileprivate var productCode: String {
    [vendor, product, release].map { String($0, radix: 16) }.joined(separator: "/")
  }

  fileprivate var attributes: [(String, String)] {
    var attributes = [
      ("authorized", "1"),
      ("avoid_reset_quirk", "0"),
      ("bConfigurationValue", "\(configuration.value)"),
      ("bDeviceClass", deviceClass.hexadecimal),
      ("bDeviceProtocol", deviceProtocol.hexadecimal),
      ("bDeviceSubClass", deviceSubclass.hexadecimal),
      ("bMaxPacketSize0", "\(maximumPacketSize0)"),
      ("bMaxPower", "\(configuration.maximumPower)mA"),
      ("bNumConfigurations", "1"),
      ("bNumInterfaces", " \(configuration.interfaces.count)"),
      ("bcdDevice", release.hexadecimal),
      ("bmAttributes", configuration.attributes.hexadecimal),
      ("configuration", ""),
      ("idProduct", product.hexadecimal),
      ("idVendor", vendor.hexadecimal),
      ("ltm_capable", "no"),
      ("maxchild", deviceClass == 9 ? "\(RootHub.portCount)" : "0"),
      ("power/autosuspend_delay_ms", "2000"),
      ("power/control", "on"),
      ("power/persist", "1"),
      ("power/runtime_status", "active"),
      ("quirks", "0x0"),
      ("removable", "removable"),
      ("rx_lanes", "1"),
      ("speed", speed),
      ("tx_lanes", "1"),
      ("urbnum", "12"),
      ("version", " \(usbVersion >> 8).\((usbVersion & 0xFF).twoDigits)"),
    ]
    if let manufacturer { attributes.append(("manufacturer", manufacturer)) }
    if let productName { attributes.append(("product", productName)) }
    if let serialNumber { attributes.append(("serial", serialNumber)) }
    return attributes
  }
}

extension UInt16 {
  fileprivate var twoDigits: String { UInt8(truncatingIfNeeded: self).hexadecimal }
}

/// A device on the bus, as sysfs shows it.
public struct USBDevice: Hashable, Sendable {
  public var port: USBPort
  public var identifier: USBIdentifier
  /// The device's release number in binary coded decimal; clones differ here.
  public var release: UInt16
  public var manufacturer: String?
  public var product: String?
  public var serial: String?
  /// Mbit/s: 1.5, 12, 480, …
  public var speed: Double
  public var busNumber: Int
  public var deviceNumber: Int
  /// What the device may draw, in mA; nil before it is configured.
  public var maximumPower: Int?
  public var isConfigured: Bool
  public var isAuthorized: Bool
  /// `on`, or `auto` when the kernel may suspend the device.
  public var powerControl: String?
  public var runtimeStatus: String?
  public var interfaces: [Interface]

  /// One of its interfaces, and the kernel driver that has it.
  public struct Interface: Hashable, Sendable {
    public var name: String
    /// Class, subclass and protocol in one number.
    public var function: UInt32
    public var driver: String?

    /// Smart card readers by the CCID standard.
    public var isCCID: Bool { function >> 16 == 0x0B }
  }

  /// The node through which programs reach it.
  public var node: String {
    "/dev/bus/usb/\(Self.threeDigits(busNumber))/\(Self.threeDigits(deviceNumber))"
  }

  static func threeDigits(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 3 - digits.count)) + digits
  }

  /// Manufacturer and product as the device calls itself.
  public var ownName: String? {
    let parts = [manufacturer, product].compactMap { $0 }.filter { !$0.isEmpty }
    return parts.isEmpty ? nil : parts.joined(separator: " ")
  }
}

extension USBDevice {
  public static let folder = "/sys/bus/usb/devices"

  public var folder: String { "\(Self.folder)/\(port)" }

  /// Nil when the device left while it was looked at, or shows no identity.
  init?(port: USBPort, entries: [String], files: FileTree) {
    let folder = "\(Self.folder)/\(port)"
    guard
      let identifier = USBIdentifier(
        vendor: files.line("\(folder)/idVendor"), product: files.line("\(folder)/idProduct")),
      let busNumber = files.number("\(folder)/busnum"),
      let deviceNumber = files.number("\(folder)/devnum")
    else { return nil }
    self.port = port
    self.identifier = identifier
    self.busNumber = busNumber
    self.deviceNumber = deviceNumber
    release = files.line("\(folder)/bcdDevice").flatMap { UInt16($0, radix: 16) } ?? 0
    manufacturer = files.line("\(folder)/manufacturer")
    product = files.line("\(folder)/product")
    serial = files.line("\(folder)/serial").flatMap { $0.isEmpty ? nil : $0 }
    speed = files.line("\(folder)/speed").flatMap { Double($0) } ?? 0
    maximumPower = files.line("\(folder)/bMaxPower").flatMap { Int($0.prefix { $0.isNumber }) }
    isConfigured = files.line("\(folder)/bConfigurationValue").map { !$0.isEmpty } ?? true
    isAuthorized = files.line("\(folder)/authorized").map { $0 != "0" } ?? true
    powerControl = files.line("\(folder)/power/control")
    runtimeStatus = files.line("\(folder)/power/runtime_status")
    interfaces = entries.filter { $0.hasPrefix("\(port):") }.map {
      Interface(name: $0, files: files)
    }
  }
}

extension USBDevice.Interface {
  init(name: String, files: FileTree) {
    let folder = "\(USBDevice.folder)/\(name)"
    self.name = name
    let parts = ["bInterfaceClass", "bInterfaceSubClass", "bInterfaceProtocol"]
    function = parts.reduce(0) { value, part in
      value << 8 | (files.line("\(folder)/\(part)").flatMap { UInt32($0, radix: 16) } ?? 0)
    }
    driver = files.link("\(folder)/driver").flatMap {
      $0.split(separator: "/").last.map(String.init)
    }
  }
}

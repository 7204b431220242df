/// A known reader that is on the bus now.
public struct AttachedReader: Hashable, Sendable {
  public var device: USBDevice
  public var reader: KnownReader
  /// The serial port it makes; nil for a reader that is none, or while no driver has it.
  public var serialPort: SerialPortNames?

  /// Its name by its place: `usb:1-1.2`. Stays the same over replugging and restarts.
  public var name: String { "usb:\(device.port)" }

  /// libnfc's name for it, good until it is unplugged; nil when libnfc cannot reach it.
  ///
  /// libnfc's USB drivers name a device by the folder and file names of libusb-0.1, which are its
  /// bus and device number in three digits.
  public var connstring: String? {
    switch reader.access {
    case .libnfc(let driver):
      let bus = USBDevice.threeDigits(device.busNumber)
      return "\(driver):\(bus):\(USBDevice.threeDigits(device.deviceNumber))"
    case .serialBridge: return serialPort.map { "pn532_uart:\($0.path)" }
    case .none: return nil
    }
  }

  /// The node a program opens: the USB device's, or the serial port's.
  public var node: String? { reader.isSerialBridge ? serialPort?.path : device.node }

  /// The kernel's driver on one of its interfaces that keeps libnfc out. A program's own claim shows
  /// as `usbfs`; a bridge's driver belongs there.
  public var kernelDriver: String? {
    guard !reader.isSerialBridge else { return nil }
    return device.interfaces.compactMap(\.driver).first { $0 != Self.claimed }
  }

  /// Whether some program has claimed it, one of this machine's or of a container's on it.
  public var isClaimed: Bool {
    !reader.isSerialBridge && device.interfaces.contains { $0.driver == Self.claimed }
  }

  /// The driver that the kernel binds for a program.
  private static let claimed = "usbfs"
}

/// The names of a serial port.
public struct SerialPortNames: Hashable, Sendable {
  /// `/dev/ttyUSB0`: counts in the order of plugging in.
  public var path: String
  /// Below `/dev/serial/by-id`: by the device's own words.
  public var byIdentity: [String]
  /// Below `/dev/serial/by-path`: by its place. Holds colons, so it cannot stand in a connstring.
  public var byPath: [String]
}

extension SerialPortNames {
  init(tty: String, files: FileTree) {
    path = "/dev/\(tty)"
    byIdentity = Self.links(in: "/dev/serial/by-id", to: tty, files: files)
    byPath = Self.links(in: "/dev/serial/by-path", to: tty, files: files)
  }

  private static func links(in folder: String, to tty: String, files: FileTree) -> [String] {
    files.names(folder).map { "\(folder)/\($0)" }.filter {
      files.link($0)?.split(separator: "/").last.map(String.init) == tty
    }
  }
}

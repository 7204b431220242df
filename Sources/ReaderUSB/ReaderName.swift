/// Names of readers as users give them: libnfc's connstrings, and `usb:1-1.2` for whatever reader
/// is in that port.
public enum ReaderName {
  static let prefix = "usb:"

  /// Whether a name tells a port and not libnfc's connstring.
  public static func namesPort(_ name: String) -> Bool { name.hasPrefix(prefix) }

  /// The reader in the port that `name` tells.
  public static func reader(
    named name: String, among devices: [USBDevice], readers: [AttachedReader]
  ) throws(ReaderNameError) -> AttachedReader {
    let text = name.dropFirst(prefix.count)
    guard namesPort(name), let port = USBPort(text) else {
      throw .malformedPort(DisplayText.safe(text))
    }
    if let reader = readers.first(where: { $0.device.port == port }) { return reader }
    guard let device = devices.first(where: { $0.port == port }) else {
      throw .nothingThere(port, readers: readers.map(\.name))
    }
    throw .noReader(port, device.ownName ?? "\(device.identifier)")
  }

  /// libnfc's name for the reader `name`, which is returned unchanged if it tells no port.
  public static func connstring(for name: String, on bus: USBBus) throws(ReaderNameError) -> String
  {
    guard namesPort(name) else { return name }
    let devices = bus.devices()
    let reader = try reader(
      named: name, among: devices, readers: devices.compactMap(bus.reader))
    if case .none(let use) = reader.reader.access {
      throw .notDriven(reader.device.port, reader.reader.name, use)
    }
    guard let connstring = reader.connstring else {
      throw .noSerialPort(reader.device.port, reader.reader.name)
    }
    return connstring
  }
}

/// Why no reader goes by a name.
public enum ReaderNameError: Error, Hashable, Sendable {
  case malformedPort(String)
  case nothingThere(USBPort, readers: [String])
  /// Something else is in the port.
  case noReader(USBPort, String)
  /// libnfc has no driver for what is in the port.
  case notDriven(USBPort, String, String)
  /// A serial bridge is there, but the kernel has made no port of it.
  case noSerialPort(USBPort, String)

  /// What failed, why, and what to do, in one line.
  public var explanation: String {
    switch self {
    case .malformedPort(let text):
      "'usb:\(text)' names no USB port: write it as lsusb -t or 'smartotp readers' does, usb:1-1.2"
    case .nothingThere(let port, let readers):
      "no reader at usb:\(port): nothing is plugged in there; "
        + (readers.isEmpty ? "plug it in" : "readers are at \(readers.joined(separator: ", "))")
    case .noReader(let port, let name):
      "no reader at usb:\(port): \(name) is plugged in there; see 'smartotp readers'"
    case .notDriven(let port, let name, let use):
      "libnfc cannot drive the \(name) at usb:\(port): \(use); use a reader of Hardware/readers.md"
    case .noSerialPort(let port, let name):
      "the \(name) at usb:\(port) has no serial port: no kernel driver has it; run 'smartotp doctor'"
    }
  }
}

/// What is plugged in, read from sysfs.
public struct USBBus: Sendable {
  let files: FileTree

  public init(files: FileTree = .system) { self.files = files }

  /// Whether the kernel has USB at all.
  public var exists: Bool { files.exists(USBDevice.folder) }

  /// Every device but the root hubs, by port. At most 1,024.
  public func devices() -> [USBDevice] {
    let entries = files.names(USBDevice.folder)
    return entries.compactMap { USBPort($0) }.prefix(1024).compactMap {
      USBDevice(port: $0, entries: entries, files: files)
    }
  }

  /// The devices that are known as readers, or as serial bridges that may have one behind them.
  public func readers() -> [AttachedReader] { devices().compactMap(reader) }

  /// The reader on the bus that libnfc's name means, whatever link to a serial port it uses.
  public func reader(
    for connstring: String, among readers: [AttachedReader]
  ) -> AttachedReader? {
    if let reader = readers.first(where: { $0.connstring == connstring }) { return reader }
    let parts = connstring.split(separator: ":")
    guard parts.count > 1, let path = files.resolved(String(parts[1])) else { return nil }
    return readers.first { $0.serialPort?.path == path }
  }

  func reader(_ device: USBDevice) -> AttachedReader? {
    guard let known = KnownReader.find(device.identifier) else { return nil }
    return AttachedReader(
      device: device, reader: known,
      serialPort: known.isSerialBridge
        ? tty(of: device).map { SerialPortNames(tty: $0, files: files) } : nil)
  }

  /// A bridge's port appears in its interface's folder, in `tty` there when it is a modem by class.
  private func tty(of device: USBDevice) -> String? {
    for interface in device.interfaces {
      let folder = "\(USBDevice.folder)/\(interface.name)"
      if let name = files.names(folder).first(where: { $0.hasPrefix("ttyUSB") }) { return name }
      if let name = files.names("\(folder)/tty").first { return name }
    }
    return nil
  }
}

import Glibc

/// The power of a port, where the kernel lets it be switched: `disable` in the port's folder
/// (Documentation/ABI/testing/sysfs-bus-usb, since Linux 6.0). Many hubs only cut the data lines.
public struct PortPower: Sendable {
  private let path: String

  /// Nil where the kernel has no such switch, or this user may not use it.
  public init?(at port: USBPort, bus: USBBus = USBBus()) {
    path = "\(bus.files.root)\(USBDevice.folder)/\(port.portFolder)/disable"
    guard access(path, W_OK) == 0 else { return nil }
  }

  /// How long `cycle` takes at most.
  public static let cycleTime = Duration.seconds(3)
  /// Milliseconds without power, until a reader's capacitors are empty.
  private static let pause: Int32 = 1000

  /// Switches the port off and on again. Blocks.
  ///
  /// - Returns: false when it could not be switched off. What was switched off is switched on.
  public func cycle() -> Bool {
    guard write("1") else { return false }
    poll(nil, 0, Self.pause)
    for _ in 0..<10 {
      if write("0") { return true }
      poll(nil, 0, 100)
    }
    return false
  }

  private func write(_ text: String) -> Bool {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return Array(text.utf8).withUnsafeBytes {
      Glibc.write(descriptor, $0.baseAddress, $0.count) == $0.count
    }
  }
}

/// A place on the bus, as the kernel names it: `1-1.2` is bus 1, port 1, and port 2 of the hub there.
/// It stays the same over replugging and restarts, as long as nobody moves cables.
public struct USBPort: Hashable, Sendable, CustomStringConvertible {
  public let bus: Int
  /// From the root hub outward, 1 to 6 numbers.
  public let ports: [Int]

  /// USB allows seven tiers, the root hub among them (USB 2.0, 4.1.1).
  public static let deepest = 6

  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let bus = Self.number(parts[0]) else { return nil }
    let numbers = parts[1].split(separator: ".", omittingEmptySubsequences: false)
    let ports = numbers.compactMap { Self.number($0) }
    guard ports.count == numbers.count, ports.count <= Self.deepest else { return nil }
    self.bus = bus
    self.ports = ports
  }

  private static func number(_ text: some StringProtocol) -> Int? {
    guard !text.isEmpty, text.count <= 3, text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else {
      return nil
    }
    return Int(text).flatMap { (1...255).contains($0) ? $0 : nil }
  }

  public var description: String {
    "\(bus)-" + ports.map { String($0) }.joined(separator: ".")
  }

  /// How many hubs lie between the device and the computer's own ports.
  public var hubs: Int { ports.count - 1 }

  /// Where the hub is that this port belongs to: `1-1` for `1-1.2`, `usb1` for `1-1`.
  public var hubName: String {
    guard ports.count > 1 else { return "usb\(bus)" }
    return "\(bus)-" + ports.dropLast().map { String($0) }.joined(separator: ".")
  }

  /// The folder of the port itself below `/sys/bus/usb/devices`, where the kernel counts
  /// over-currents and can switch the port's power.
  public var portFolder: String {
    let hub = ports.count > 1 ? hubName : "\(bus)-0"
    return "\(hub):1.0/\(hubName)-port\(ports.last ?? 0)"
  }
}

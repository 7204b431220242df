/// libnfc's name for a reader, as far as its form tells: `driver[:device[:speed]]`.
struct Connstring: Hashable, Sendable {
  enum Bus: Hashable, Sendable { case usb, serial, i2c, spi, other }

  let text: String
  let driver: String
  /// Nil for a driver libnfc does not have.
  let bus: Bus?
  /// What follows the driver's name, a speed left out.
  let device: String?
  let speed: String?

  private static let drivers: [String: Bus] = [
    "pn53x_usb": .usb, "acr122_usb": .usb, "pn532_uart": .serial, "arygon": .serial,
    "acr122s": .serial, "pn532_i2c": .i2c, "pn532_spi": .spi, "pn71xx": .other,
    "acr122_pcsc": .other, "pcsc": .other,
  ]

  init(_ text: String) {
    self.text = text
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    driver = parts.first.map(String.init) ?? ""
    bus = Self.drivers[driver]
    let rest = parts.dropFirst()
    // On USB all of the rest is the device; elsewhere a last part of digits is the speed.
    if bus != .usb, rest.count > 1, let last = rest.last, !last.isEmpty,
      last.allSatisfy(\.isNumber)
    {
      speed = String(last)
      device = rest.dropLast().joined(separator: ":")
    } else {
      speed = nil
      device = rest.isEmpty ? nil : rest.joined(separator: ":")
    }
  }

  /// libnfc cuts the device at the first colon.
  var hasColonInPath: Bool { bus != .usb && device?.contains(":") == true }

  /// The device's path, for what is not on USB.
  var path: String? { bus == .usb ? nil : device.flatMap { $0.hasPrefix("/") ? $0 : nil } }

  /// Whether it names a USB device by numbers that change with replugging.
  var namesNumbers: Bool { bus == .usb && device?.contains(":") == true }
}

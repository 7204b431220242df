import PN53x

/// libnfc's name for a reader: `driver[:device[:speed]]`.
struct Connstring: Equatable {
  /// The longest name libnfc keeps, its closing zero included (`NFC_BUFSIZE_CONNSTRING`).
  static let maximumLength = 1024
  /// Drivers in libnfc 1.7 and 1.8, and how each reaches its chip.
  private static let drivers: [(name: String, bus: Bus)] = [
    ("pn53x_usb", .usb), ("acr122_usb", .usb), ("acr122_pcsc", .other), ("pcsc", .other),
    ("acr122s", .serial), ("arygon", .serial), ("pn532_uart", .serial), ("pn532_spi", .other),
    ("pn532_i2c", .other), ("pn71xx", .other),
  ]

  enum Bus { case serial, usb, other }

  let text: String
  let driver: String
  let bus: Bus
  /// The serial port's path.
  let path: String?
  let speed: UInt32?

  /// Nil when no driver of libnfc has this name, or the text is too long for it.
  init?(_ text: String) {
    guard text.utf8.count < Self.maximumLength, !text.utf8.contains(0) else { return nil }
    let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    guard let name = parts.first,
      let known = Self.drivers.first(where: { $0.name == name })
    else { return nil }
    self.text = text
    driver = known.name
    bus = known.bus
    let device = parts.count > 1 ? String(parts[1]) : nil
    path = known.bus == .serial ? device : nil
    speed = known.bus == .serial && parts.count > 2 ? UInt32(parts[2]) : nil
    if known.bus == .serial {
      guard let device, !device.isEmpty, parts.count < 3 || speed != nil else { return nil }
    }
  }

  /// Bytes of an APDU in one chip command. An ACR122U takes chip commands in pseudo-APDUs of 255
  /// bytes, of which D4, the command's code and the target are three.
  var exchangePieceSize: Int {
    driver == "acr122_usb" ? 252 : ChipCommand.maximumExchangeData
  }

  /// Whether answers above 250 bytes come back cut: libnfc reads one byte of their length.
  var cutsLongAnswers: Bool { driver == "acr122_usb" }

  var losesTimeInDriver: Bool { driver == "pn53x_usb" || driver == "acr122_usb" }

  /// Whether the chip's serial speed is ours to change: a bare PN532 on a serial port. A Pi's
  /// mini-UART (ttyS0) derives its clock from the core's and is safe at 115200 only.
  var allowsSpeedChange: Bool {
    driver == "pn532_uart" && path != "/dev/ttyS0" && (speed ?? 115_200) == 115_200
  }
}

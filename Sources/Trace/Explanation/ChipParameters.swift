import PN53x
import SmartCard

/// The parameters of a chip command in words (UM0701-02, 7.2 and 7.3).
enum ChipParameters {
  /// - Parameter isOpen: whether parameters may be shown that are not explained.
  static func text(of command: [UInt8], isOpen: Bool) -> String? {
    let parameters = Array(command.dropFirst())
    switch command.first {
    case 0x00: return diagnosis(parameters)
    case 0x06: return "registers: \(parameters.count / 2)"
    case 0x08: return "registers: \(parameters.count / 3)"
    case 0x10: return parameters.first.map(lineSpeed)
    case 0x14: return parameters.first.map(samMode)
    case 0x32: return configuration(parameters)
    case 0x40: return dataExchange(parameters)
    case 0x42: return block(parameters)
    case 0x44, 0x52, 0x54: return parameters.first.map(target)
    case 0x4A: return listing(parameters)
    case 0x4E: return parameters.first.map { "\(target($0)), \(hex(parameters.dropFirst()))" }
    default:
      if parameters.isEmpty { return nil }
      return isOpen ? hex(parameters) : "\(ShownText.byteCount(parameters.count))"
    }
  }

  private static func hex(_ bytes: some Collection<UInt8>) -> String {
    MaskedBytes.shown(bytes).text(atMost: 16)
  }

  private static func target(_ number: UInt8) -> String {
    number == 0 ? "all targets" : "target \(number)"
  }

  private static func diagnosis(_ parameters: [UInt8]) -> String? {
    switch parameters.first {
    case 0x00: "communication line, \(ShownText.byteCount(parameters.count - 1))"
    case 0x01: "ROM"
    case 0x02: "RAM"
    case 0x04: "polling"
    case 0x05: "echo back"
    case 0x06: "is the card still there"
    case 0x07: "antenna"
    case let test?: "test \(Hexadecimal.text([test]))"
    case nil: nil
    }
  }

  private static func lineSpeed(_ code: UInt8) -> String {
    SerialSpeed(rawValue: code).map { "\($0.bitsPerSecond) baud" }
      ?? "speed \(Hexadecimal.text([code]))"
  }

  private static func samMode(_ mode: UInt8) -> String {
    switch mode {
    case 0x01: "no security module"
    case 0x02: "virtual card"
    case 0x03: "wired card"
    case 0x04: "dual card"
    default: "mode \(Hexadecimal.text([mode]))"
    }
  }

  /// RFConfiguration (7.3.1): an item, then its values.
  private static func configuration(_ parameters: [UInt8]) -> String? {
    guard let item = parameters.first else { return nil }
    let values = Array(parameters.dropFirst())
    switch (item, values.count) {
    case (0x01, 1): return "field \(values[0] & 0x01 == 0 ? "off" : "on")"
    case (0x02, 3):
      return "timers: activation \(timer(values[1])), exchange \(timer(values[2]))"
    case (0x04, 1): return "exchanges tried again: \(count(values[0]))"
    case (0x05, 3):
      return "tries again: ATR \(count(values[0])), PSL \(count(values[1])), "
        + "activation \(count(values[2]))"
    case (0x0A...0x0D, _): return "analog settings \(Hexadecimal.text([item]))"
    default: return "item \(Hexadecimal.text([item])), \(hex(values))"
    }
  }

  /// 100 µs × 2^(code-1), 0 for none.
  private static func timer(_ code: UInt8) -> String {
    guard (1...16).contains(code) else { return code == 0 ? "none" : Hexadecimal.text([code]) }
    let tenths = 1 << (Int(code) - 1)
    return "\(tenths / 10).\(tenths % 10) ms"
  }

  private static func count(_ value: UInt8) -> String { value == 0xFF ? "for ever" : "\(value)" }

  private static func dataExchange(_ parameters: [UInt8]) -> String? {
    guard let first = parameters.first else { return nil }
    let more = first & 0x40 == 0 ? "" : ", more to follow"
    return "\(target(first & 0x0F)), \(ShownText.byteCount(parameters.count - 1))\(more)"
  }

  /// InCommunicateThru: a block of the card's protocol (ISO/IEC 14443-4, 7.1), as far as it is no
  /// data.
  private static func block(_ parameters: [UInt8]) -> String? {
    guard let control = parameters.first, parameters.count <= 3 else {
      return "\(ShownText.byteCount(parameters.count))"
    }
    if control & 0xE6 == 0xA2 {
      return "R(\(control & 0x10 == 0 ? "ACK" : "NAK")) block, is the card still there"
    }
    return hex(parameters)
  }

  private static func listing(_ parameters: [UInt8]) -> String? {
    guard parameters.count >= 2 else { return nil }
    let kind =
      switch parameters[1] {
      case 0x00: "type A"
      case 0x01: "FeliCa at 212 kbit/s"
      case 0x02: "FeliCa at 424 kbit/s"
      case 0x03: "type B"
      case 0x04: "Jewel"
      default: "kind \(Hexadecimal.text([parameters[1]]))"
      }
    let most = parameters[0] == 1 ? "one target" : "up to \(parameters[0]) targets"
    let isNamed = parameters[1] == 0x00 && parameters.count > 2
    return "\(kind), \(most)\(isNamed ? ", uid \(identifier(parameters.dropFirst(2)))" : "")"
  }

  /// A UID that is asked for, without the cascade tags it is sent with.
  private static func identifier(_ bytes: ArraySlice<UInt8>) -> String {
    Hexadecimal.text((try? UID(withCascadeTags: Array(bytes)))?.bytes ?? Array(bytes))
  }
}

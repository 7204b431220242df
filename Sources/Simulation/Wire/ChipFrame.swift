/// A frame as the chip writes it to its host (UM0701-02 §6.2.1).
public enum ChipFrame: Equatable, Sendable {
  case acknowledge
  case negativeAcknowledge
  /// The application level error frame: the command's syntax was wrong.
  case syntaxError
  /// Response code and data, without the frame identifier.
  case answer([UInt8])

  /// The frame identifier of everything the chip tells its host.
  static let toHost: UInt8 = 0xD5
  /// The frame identifier of everything the host tells the chip.
  static let toChip: UInt8 = 0xD4

  /// The bytes on the line, preamble and postamble included.
  public var encoded: [UInt8] {
    switch self {
    case .acknowledge: [0x00, 0x00, 0xFF, 0x00, 0xFF, 0x00]
    case .negativeAcknowledge: [0x00, 0x00, 0xFF, 0xFF, 0x00, 0x00]
    case .syntaxError: [0x00, 0x00, 0xFF, 0x01, 0xFF, 0x7F, 0x81, 0x00]
    case .answer(let data): Self.information(Self.toHost, data)
    }
  }

  /// An information frame: normal up to 255 bytes, extended above.
  static func information(_ identifier: UInt8, _ data: [UInt8]) -> [UInt8] {
    let length = data.count + 1
    var frame: [UInt8] = [0x00, 0x00, 0xFF]
    if length <= 0xFF {
      frame += [UInt8(length), 0 &- UInt8(length)]
    } else {
      let high = UInt8(truncatingIfNeeded: length >> 8)
      let low = UInt8(truncatingIfNeeded: length)
      frame += [0xFF, 0xFF, high, low, 0 &- high &- low]
    }
    frame.append(identifier)
    frame += data
    frame.append(0 &- data.reduce(identifier, &+))
    frame.append(0x00)
    return frame
  }
}

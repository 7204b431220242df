/// The speeds of a PN532's high-speed UART (UM0701-02, 7.2.9, SetSerialBaudRate), in bits a second.
/// The raw value is the chip's code. 1,288,000 (08) is left out: no termios speed matches it.
public enum SerialSpeed: UInt8, Sendable, CaseIterable {
  case baud9600 = 0x00
  case baud19200 = 0x01
  case baud38400 = 0x02
  case baud57600 = 0x03
  case baud115200 = 0x04
  case baud230400 = 0x05
  case baud460800 = 0x06
  case baud921600 = 0x07

  /// The chip's speed after reset.
  public static let initial = SerialSpeed.baud115200

  public var bitsPerSecond: UInt32 {
    switch self {
    case .baud9600: 9600
    case .baud19200: 19200
    case .baud38400: 38400
    case .baud57600: 57600
    case .baud115200: 115200
    case .baud230400: 230400
    case .baud460800: 460800
    case .baud921600: 921600
    }
  }

  public init?(bitsPerSecond: UInt32) {
    guard let match = Self.allCases.first(where: { $0.bitsPerSecond == bitsPerSecond }) else {
      return nil
    }
    self = match
  }

  /// The next speed down, nil at the slowest.
  public var slower: SerialSpeed? {
    rawValue == 0 ? nil : SerialSpeed(rawValue: rawValue - 1)
  }
}

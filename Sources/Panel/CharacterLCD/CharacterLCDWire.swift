/// An HD44780 behind a PCF8574 on the usual boards: P0 RS, P1 R/W, P2 E, P3 backlight, P4 to P7 the data
/// lines D4 to D7. Every byte on the bus sets all eight pins at once.
struct CharacterLCDWire {
  var backlightIsOn = true

  private enum Pin {
    static let registerSelect: UInt8 = 0x01
    static let enable: UInt8 = 0x04
    static let backlight: UInt8 = 0x08
  }

  private enum Command {
    static let clear: UInt8 = 0x01
    /// Increment, no shift.
    static let entryMode: UInt8 = 0x06
    static let displayOff: UInt8 = 0x08
    /// Neither cursor nor blinking.
    static let displayOn: UInt8 = 0x0C
    /// 4 bits, 2 lines, 5x8 dots.
    static let functionSet: UInt8 = 0x28
    static let setAddress: UInt8 = 0x80
  }

  /// Brings the chip from any state into 4-bit mode (HD44780U data sheet, figure 24), clears all of its
  /// memory, also what is out of sight, and switches it on.
  var initialization: [I2CStep] {
    // 40 ms from power-on; a chip that was just plugged in has had less.
    [.write(idle), .pause(microseconds: 50_000)] + synchronization
      + [
        .write(command(Command.functionSet) + command(Command.displayOff) + command(Command.clear)),
        // 1.52 ms at the typical clock, 2.2 at the slowest.
        .pause(microseconds: 3_000),
        .write(command(Command.entryMode) + command(Command.displayOn)),
      ]
  }

  /// The same for a chip that lost a nibble to a disturbance: what it shows stays.
  var resynchronization: [I2CStep] {
    [.write(idle)] + synchronization
      + [
        .write(
          command(Command.functionSet) + command(Command.entryMode) + command(Command.displayOn))
      ]
  }

  private var synchronization: [I2CStep] {
    [
      .write(nibble(0x3)), .pause(microseconds: 4_500),
      .write(nibble(0x3)), .pause(microseconds: 200),
      .write(nibble(0x3)), .pause(microseconds: 200),
      .write(nibble(0x2)), .pause(microseconds: 200),
    ]
  }

  /// Characters from `address` of the display memory on.
  func text(_ characters: [UInt8], at address: UInt8) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity((characters.count + 1) * 6)
    bytes += command(Command.setAddress | address)
    for character in characters { append(character, Pin.registerSelect, to: &bytes) }
    return bytes
  }

  private var light: UInt8 { backlightIsOn ? Pin.backlight : 0 }
  private var idle: [UInt8] { [light] }

  private func command(_ value: UInt8) -> [UInt8] {
    var bytes: [UInt8] = []
    append(value, 0, to: &bytes)
    return bytes
  }

  private func nibble(_ value: UInt8) -> [UInt8] {
    var bytes: [UInt8] = []
    appendNibble(value, 0, to: &bytes)
    return bytes
  }

  private func append(_ value: UInt8, _ pins: UInt8, to bytes: inout [UInt8]) {
    appendNibble(value >> 4, pins, to: &bytes)
    appendNibble(value & 0x0F, pins, to: &bytes)
  }

  /// Three bytes a nibble: data, E up, E down. Two bytes then lie between the end of one character and
  /// the next rise of E, 45 µs even at 400 kHz and 180 at 100, in which the chip does its 37.
  private func appendNibble(_ value: UInt8, _ pins: UInt8, to bytes: inout [UInt8]) {
    let data = value << 4 | pins | light
    bytes.append(data)
    bytes.append(data | Pin.enable)
    bytes.append(data)
  }
}

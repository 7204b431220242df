import Synchronization

@testable import Appliance
@testable import Panel

/// An SSD1306 from its data sheet: transfers on the I2C bus in, display memory out.
struct VirtualSSD1306 {
  /// Whatever was in it when the power came.
  private(set) var memory = [UInt8](repeating: 0x5A, count: 1024)
  private(set) var isOn = false
  private(set) var multiplex = 63
  private(set) var violations: [String] = []
  /// What was seen when the panel was switched on.
  private(set) var firstSeen: [UInt8]?
  private var isPaged = false
  private var page = 0
  private var column = 0
  private var awaited: (command: UInt8, count: Int)?
  private(set) var dataCount = 0

  mutating func receive(_ bytes: [UInt8]) {
    switch bytes.first {
    case 0x00: for byte in bytes.dropFirst() { command(byte) }
    case 0x40: for byte in bytes.dropFirst() { store(byte) }
    default: violations.append("control byte \(bytes.first ?? 0)")
    }
  }

  private mutating func command(_ byte: UInt8) {
    if let (command, count) = awaited {
      awaited = count > 1 ? (command, count - 1) : nil
      take(byte, of: command)
      return
    }
    switch byte {
    case 0x00...0x0F: column = column & 0xF0 | Int(byte)
    case 0x10...0x1F: column = column & 0x0F | Int(byte & 0x07) << 4
    case 0xB0...0xB7: page = Int(byte & 7)
    case 0x20, 0x81, 0x8D, 0xA8, 0xD3, 0xD5, 0xD9, 0xDA, 0xDB: awaited = (byte, 1)
    case 0xAE: isOn = false
    case 0xAF:
      isOn = true
      if firstSeen == nil { firstSeen = memory }
    case 0x2E, 0x40, 0xA1, 0xA4, 0xA6, 0xC8: break
    default: violations.append("command \(byte)")
    }
  }

  private mutating func take(_ value: UInt8, of command: UInt8) {
    switch command {
    case 0x20: isPaged = value == 0x02
    case 0xA8: multiplex = Int(value)
    case 0xDA where value != (multiplex == 31 ? 0x02 : 0x12): violations.append("pins \(value)")
    case 0x8D where value != 0x14: violations.append("charge pump \(value)")
    default: break
    }
  }

  private mutating func store(_ byte: UInt8) {
    guard isPaged else { return violations.append("data before the addressing mode") }
    memory[page * 128 + column] = byte
    column = (column + 1) % 128
    dataCount += 1
  }

  /// The text in sight, read by the shapes of its letters; `*` where there is another shape.
  var text: [String] {
    (0...(multiplex / 8)).map { page in
      let row = Array(memory[(page * 128)..<((page + 1) * 128)])
      let isInverted = row[126] == 0xFF && row[127] == 0xFF
      let dots = isInverted ? row.map { ~$0 } : row
      var text = String(
        decoding: (0..<21).map { Self.character(Array(dots[($0 * 6)..<($0 * 6 + 5)])) },
        as: UTF8.self)
      while text.last == " " { text.removeLast() }
      return text
    }
  }

  private static func character(_ columns: [UInt8]) -> UInt8 {
    for character: UInt8 in 0x20...0x7E where Array(PixelFont.columns(of: character)) == columns {
      return character
    }
    return 0x2A
  }

  /// The lit dots, a row of text each.
  var drawing: [String] {
    (0...multiplex).map { y in
      let bytes = memory[(y / 8 * 128)..<(y / 8 * 128 + 128)]
      return bytes.map { byte in byte >> UInt8(y % 8) & 1 == 1 ? "#" : "." }.joined()
    }
  }
}

/// A bus with such a display on it, which can be pulled off.
final class VirtualOLEDBus: I2CBus {
  struct State {
    var chip = VirtualSSD1306()
    var writesLeft = Int.max
    /// This write fails, counted from now; those after it do not.
    var failingWrite: Int?
  }

  let state = Mutex(State())

  var chip: VirtualSSD1306 { state.withLock { $0.chip } }

  func write(_ bytes: [UInt8]) throws(DisplayError) {
    try state.withLock { state throws(DisplayError) in
      if let write = state.failingWrite {
        state.failingWrite = write > 0 ? write - 1 : nil
        if write == 0 { throw DisplayError.failed("a glitch") }
      }
      guard state.writesLeft > 0 else { throw DisplayError.absent("nothing answers") }
      state.writesLeft -= 1
      state.chip.receive(bytes)
    }
  }

  func pause(microseconds: Int) {}
}

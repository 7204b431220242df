import Synchronization

@testable import Appliance
@testable import Panel

/// An HD44780U with its PCF8574, from their data sheets: bytes on the I2C bus in, display memory out.
/// It keeps time, and notes what comes before it is ready.
struct VirtualHD44780 {
  private(set) var memory = [UInt8](repeating: 0x20, count: 0x68)
  private(set) var isOn = false
  private(set) var backlightIsOn = false
  private(set) var violations: [String] = []
  private var address = 0
  private var isEightBit = true
  private var upperNibble: UInt8?
  private var pins: UInt8 = 0
  private var now = 0.0
  private var busyUntil = 40_000.0
  private var setUpCount = 0
  /// At 400 kHz, the fastest there is, nine bits take 22.5 µs.
  private let byteTime: Double

  init(byteTime: Double = 22.5, isMidByte: Bool = false) {
    self.byteTime = byteTime
    if isMidByte {
      // As a program leaves it that was killed between two nibbles of a running display.
      isEightBit = false
      upperNibble = 0x7
      memory = Array(repeating: 0x37, count: 0x68)
      busyUntil = 0
    }
  }

  /// Of the chip's clock: 190 kHz is the slowest that the data sheet allows, 270 typical.
  private static let slowness = 1.42

  mutating func receive(_ bytes: [UInt8]) {
    for byte in bytes {
      now += byteTime
      let fell = pins & 0x04 != 0 && byte & 0x04 == 0
      if byte & 0x04 != 0 && pins & 0x04 != 0 && byte != pins { note("data changed under E") }
      if byte & 0x04 != 0 && pins & 0x04 == 0 && byte & 0x01 != pins & 0x01 {
        note("RS changed with E")
      }
      if byte & 0x02 != 0 { note("R/W is high: both drive the lines") }
      backlightIsOn = byte & 0x08 != 0
      pins = byte
      if fell { latch(byte >> 4, isData: byte & 0x01 != 0) }
    }
  }

  mutating func pause(microseconds: Int) { now += Double(microseconds) }

  private mutating func note(_ text: String) { violations.append(text) }

  private mutating func latch(_ nibble: UInt8, isData: Bool) {
    // Only the beginning of an instruction asks whether the one before is done.
    if upperNibble == nil && now < busyUntil { note("busy for \(busyUntil - now) µs more") }
    if isEightBit {
      perform(nibble << 4, isData: isData)
    } else if let upper = upperNibble {
      upperNibble = nil
      perform(upper << 4 | nibble, isData: isData)
    } else {
      upperNibble = nibble
    }
  }

  private mutating func perform(_ value: UInt8, isData: Bool) {
    busyUntil = now + 37 * Self.slowness
    if isData {
      store(value)
    } else if value & 0x80 != 0 {
      address = Int(value & 0x7F)
    } else if value & 0x40 != 0 || value & 0xF0 == 0x10 {
      note("unexpected \(value)")
    } else if value & 0x20 != 0 {
      setFunction(value)
    } else if value & 0x08 != 0 {
      isOn = value & 0x04 != 0
    } else if value & 0x04 != 0 {
      if value != 0x06 { note("entry mode \(value)") }
    } else if value == 0x01 {
      memory = Array(repeating: 0x20, count: memory.count)
      address = 0
      busyUntil = now + 1_520 * Self.slowness
    }
  }

  private mutating func setFunction(_ value: UInt8) {
    isEightBit = value & 0x10 != 0
    upperNibble = nil
    guard isEightBit else {
      if setUpCount >= 3 && value & 0x0F != 0 && value != 0x28 { note("function \(value)") }
      return
    }
    setUpCount += 1
    busyUntil = now + (setUpCount == 1 ? 4_100 : 100)
  }

  private mutating func store(_ value: UInt8) {
    guard (0x00...0x27).contains(address) || (0x40...0x67).contains(address) else {
      note("address \(address)")
      return
    }
    memory[address] = value
    address = address == 0x27 ? 0x40 : address == 0x67 ? 0x00 : address + 1
  }

  func rows(columns: Int, count: Int) -> [String] {
    [0x00, 0x40, columns, 0x40 + columns].prefix(count).map {
      String(decoding: memory[$0..<($0 + columns)], as: UTF8.self)
    }
  }
}

/// A bus with such a display on it, which can be pulled off.
final class VirtualLCDBus: I2CBus {
  struct State {
    var chip: VirtualHD44780
    /// So many more writes are answered.
    var writesLeft = Int.max
    /// This write fails, counted from now; those after it do not.
    var failingWrite: Int?
    var writeCount = 0
  }

  let state: Mutex<State>

  init(_ chip: VirtualHD44780 = VirtualHD44780()) { state = Mutex(State(chip: chip)) }

  var chip: VirtualHD44780 { state.withLock { $0.chip } }

  func replace(with chip: VirtualHD44780) {
    state.withLock { $0 = State(chip: chip) }
  }

  func write(_ bytes: [UInt8]) throws(DisplayError) {
    try state.withLock { state throws(DisplayError) in
      if let write = state.failingWrite {
        state.failingWrite = write > 0 ? write - 1 : nil
        if write == 0 { throw DisplayError.failed("a glitch") }
      }
      guard state.writesLeft > 0 else { throw DisplayError.absent("nothing answers") }
      state.writesLeft -= 1
      state.writeCount += 1
      state.chip.receive(bytes)
    }
  }

  func pause(microseconds: Int) { state.withLock { $0.chip.pause(microseconds: microseconds) } }
}

/// The registers a host reads and writes directly.
struct ChipRegisters {
  static let txMode: UInt16 = 0x6302
  static let rxMode: UInt16 = 0x6303
  static let txControl: UInt16 = 0x6304
  static let txAuto: UInt16 = 0x6305
  static let manualReceive: UInt16 = 0x630D
  static let fifoData: UInt16 = 0x6339
  static let fifoLevel: UInt16 = 0x633A
  static let bitFraming: UInt16 = 0x633D

  private var values: [UInt16: UInt8] = [
    Self.txControl: 0x80, 0x6301: 0x3B, 0x630E: 0xC0, 0x6316: 0x48, 0x6327: 0x80,
  ]

  subscript(address: UInt16) -> UInt8 {
    get { values[address] ?? 0 }
    set { values[address] = newValue }
  }

  var sendsChecksum: Bool { self[Self.txMode] & 0x80 != 0 }
  var checksChecksum: Bool { self[Self.rxMode] & 0x80 != 0 }
  var lastBits: Int { Int(self[Self.bitFraming] & 0x07) }

  /// Framing bits of the transmission mode: 0 is type A, 3 type B; others are no ISO/IEC 14443.
  var technology: CardTechnology? {
    switch self[Self.txMode] & 0x03 {
    case 0: .a
    case 3: .b
    default: nil
    }
  }

  var rate: BitRate? { BitRate(rawValue: self[Self.txMode] >> 4 & 7) }

  /// What the chip's own activation leaves behind.
  mutating func configure(for technology: CardTechnology) {
    let mode: UInt8 = technology == .a ? 0x80 : 0x83
    self[Self.txMode] = mode
    self[Self.rxMode] = mode
    self[Self.txAuto] = technology == .a ? 0x40 : 0x00
    self[Self.bitFraming] = 0
  }
}

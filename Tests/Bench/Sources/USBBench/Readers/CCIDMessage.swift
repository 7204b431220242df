/// A message of the chip card interface class, head and data (CCID 1.1 §6).
struct CCIDMessage: Equatable {
  enum Kind {
    static let powerOn: UInt8 = 0x62
    static let powerOff: UInt8 = 0x63
    static let slotStatus: UInt8 = 0x65
    static let transferBlock: UInt8 = 0x6F
    static let escape: UInt8 = 0x6B
    static let dataBlock: UInt8 = 0x80
    static let slotStatusAnswer: UInt8 = 0x81
    static let escapeAnswer: UInt8 = 0x83
  }

  static let headSize = 10

  var kind: UInt8
  var slot: UInt8
  var sequence: UInt8
  /// The last three bytes of the head: status, error and chaining in a reader's answer.
  var specific: [UInt8]
  var data: [UInt8]

  init(
    kind: UInt8, slot: UInt8 = 0, sequence: UInt8, specific: [UInt8] = [0, 0, 0],
    data: [UInt8] = []
  ) {
    self.kind = kind
    self.slot = slot
    self.sequence = sequence
    self.specific = specific
    self.data = data
  }

  /// Nil for a head that is cut short, or a length that is not the data's.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= Self.headSize else { return nil }
    let length = bytes[1...4].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length == bytes.count - Self.headSize else { return nil }
    self.init(
      kind: bytes[0], slot: bytes[5], sequence: bytes[6], specific: Array(bytes[7...9]),
      data: Array(bytes[Self.headSize...]))
  }

  var encoded: [UInt8] {
    [kind] + UInt32(data.count).littleEndian + [slot, sequence] + specific + data
  }
}

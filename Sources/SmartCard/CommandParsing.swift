extension CommandAPDU {
  /// Reads a command as sent: cases 1 to 4, short and extended (ISO/IEC 7816-4, 5.1).
  ///
  /// - Throws: `commandTooShort`, or `lengthFieldMismatch` when the length fits no case.
  public init(parsing bytes: [UInt8]) throws(APDUError) {
    guard bytes.count >= 4 else { throw .commandTooShort(count: bytes.count) }
    self.init(cla: bytes[0], ins: bytes[1], p1: bytes[2], p2: bytes[3])
    switch bytes.count {
    case 4:
      return
    case 5:
      expectedLength = Self.shortExpectedLength(bytes[4])
    default:
      if bytes[4] == 0 {
        try readExtendedBody(bytes)
      } else {
        try readShortBody(bytes)
      }
    }
  }

  private mutating func readShortBody(_ bytes: [UInt8]) throws(APDUError) {
    let end = 5 + Int(bytes[4])
    guard bytes.count == end || bytes.count == end + 1 else { throw .lengthFieldMismatch }
    data = Array(bytes[5..<end])
    if bytes.count > end { expectedLength = Self.shortExpectedLength(bytes[end]) }
  }

  private mutating func readExtendedBody(_ bytes: [UInt8]) throws(APDUError) {
    guard bytes.count >= 7 else { throw .lengthFieldMismatch }
    let first = Self.uint16(bytes, at: 5)
    if bytes.count == 7 {
      expectedLength = Self.extendedExpectedLength(first)
      return
    }
    let end = 7 + first
    guard first > 0, bytes.count == end || bytes.count == end + 2 else {
      throw .lengthFieldMismatch
    }
    data = Array(bytes[7..<end])
    if bytes.count > end {
      expectedLength = Self.extendedExpectedLength(Self.uint16(bytes, at: end))
    }
  }

  private static func uint16(_ bytes: [UInt8], at index: Int) -> Int {
    Int(bytes[index]) << 8 | Int(bytes[index + 1])
  }

  private static func shortExpectedLength(_ byte: UInt8) -> Int {
    byte == 0 ? 256 : Int(byte)
  }

  private static func extendedExpectedLength(_ value: Int) -> Int {
    value == 0 ? maximumExpectedLength : value
  }
}

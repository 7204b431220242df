/// CRC_A and CRC_B (ISO/IEC 14443-3, annex B), least significant byte first as on the air.
enum FrameChecksum {
  case typeA, typeB

  func bytes(of frame: [UInt8]) -> [UInt8] {
    var crc = frame.reduce(self == .typeA ? 0x6363 : 0xFFFF, Self.step)
    if self == .typeB { crc = ~crc }
    return [UInt8(truncatingIfNeeded: crc), UInt8(truncatingIfNeeded: crc >> 8)]
  }

  /// One byte through the polynomial x^16 + x^12 + x^5 + 1, low bits first.
  private static func step(_ crc: UInt16, _ byte: UInt8) -> UInt16 {
    var mixed = byte ^ UInt8(truncatingIfNeeded: crc)
    mixed ^= mixed << 4
    let wide = UInt16(mixed)
    return crc >> 8 ^ wide << 8 ^ wide << 3 ^ wide >> 4
  }
}

extension AirFrame {
  /// A frame with its checksum behind it. Computed here, since the chip keeps it to itself; and needed,
  /// since without it Wireshark takes an R-block of one byte for a REQA.
  init(_ event: Event, _ bytes: [UInt8], _ checksum: FrameChecksum) {
    self.init(event, bytes + checksum.bytes(of: bytes))
  }
}

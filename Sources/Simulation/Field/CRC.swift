/// The checksums of ISO/IEC 14443-3, annex B.
enum AirChecksum {
  /// CRC_A, least significant byte first as it is sent.
  static func typeA(_ bytes: some Sequence<UInt8>) -> [UInt8] { crc(bytes, initial: 0x6363) }

  /// CRC_B: the same polynomial, started with ones and inverted.
  static func typeB(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    crc(bytes, initial: 0xFFFF).map { ~$0 }
  }

  private static func crc(_ bytes: some Sequence<UInt8>, initial: UInt16) -> [UInt8] {
    let value = bytes.reduce(into: initial) { crc, byte in
      crc ^= UInt16(byte)
      for _ in 0..<8 { crc = crc & 1 == 0 ? crc >> 1 : crc >> 1 ^ 0x8408 }
    }
    return [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
  }
}

extension CardTechnology {
  func checksum(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    switch self {
    case .a: AirChecksum.typeA(bytes)
    case .b: AirChecksum.typeB(bytes)
    }
  }

  func sealed(_ bytes: [UInt8]) -> [UInt8] { bytes + checksum(bytes) }

  /// The frame without its checksum; nil if that is wrong.
  func opened(_ frame: [UInt8]) -> [UInt8]? {
    guard frame.count >= 2 else { return nil }
    let body = Array(frame.dropLast(2))
    return checksum(body).elementsEqual(frame.suffix(2)) ? body : nil
  }
}

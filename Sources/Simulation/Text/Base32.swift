extension [UInt8] {
  /// Bytes from base 32 (RFC 4648 §6): either case, spaces and padding or not.
  public init?(base32 text: some StringProtocol) {
    let alphabet = [UInt8]("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
    var bytes: [UInt8] = []
    var bits = 0
    var value: UInt32 = 0
    for character in text.uppercased().utf8 where character != 0x20 && character != 0x3D {
      guard let digit = alphabet.firstIndex(of: character) else { return nil }
      value = value << 5 | UInt32(digit)
      bits += 5
      guard bits >= 8 else { continue }
      bits -= 8
      bytes.append(UInt8(truncatingIfNeeded: value >> UInt32(bits)))
      value &= 1 << UInt32(bits) - 1
    }
    self = bytes
  }
}

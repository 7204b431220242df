/// Crockford's base32: digits and capitals without I, L, O and U, made to be read aloud and typed.
public enum CrockfordBase32 {
  static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

  static func symbolCount(bits: Int) -> Int { (bits + 4) / 5 }

  /// The symbols of `bytes`, five bits each from the first bit on; the last is filled with zeros.
  public static func text(of bytes: [UInt8]) -> String {
    var symbols: [UInt8] = []
    symbols.reserveCapacity(symbolCount(bits: bytes.count * 8))
    var pending: UInt32 = 0
    var pendingBits = 0
    for byte in bytes {
      pending = pending << 8 | UInt32(byte)
      pendingBits += 8
      while pendingBits >= 5 {
        pendingBits -= 5
        symbols.append(alphabet[Int(pending >> UInt32(pendingBits) & 0x1F)])
      }
      pending &= 0xFF
    }
    if pendingBits > 0 {
      symbols.append(alphabet[Int(pending << UInt32(5 - pendingBits) & 0x1F)])
    }
    return String(decoding: symbols, as: UTF8.self)
  }

  /// What a person typed, as the alphabet has it: capitals, O for 0, I and L for 1, no hyphens or
  /// spaces; nil if anything else is in it.
  public static func normalized(_ typed: String) -> String? {
    var symbols: [UInt8] = []
    for byte in typed.utf8 {
      switch byte {
      case 0x20, 0x2D: continue
      case 0x4F, 0x6F: symbols.append(0x30)
      case 0x49, 0x4C, 0x69, 0x6C: symbols.append(0x31)
      default:
        let capital = (0x61...0x7A).contains(byte) ? byte - 0x20 : byte
        guard alphabet.contains(capital) else { return nil }
        symbols.append(capital)
      }
    }
    return String(decoding: symbols, as: UTF8.self)
  }
}

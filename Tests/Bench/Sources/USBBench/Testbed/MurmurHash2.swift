/// Austin Appleby's MurmurHash2 with the text's length as seed: what udev's monitors filter by.
enum MurmurHash2 {
  private static let factor: UInt32 = 0x5BD1_E995

  static func hash(_ text: String) -> UInt32 {
    var rest = Array(text.utf8)[...]
    var hash = UInt32(truncatingIfNeeded: rest.count)
    while rest.count >= 4 {
      var word = number(rest.prefix(4)) &* factor
      word ^= word >> 24
      hash = hash &* factor ^ word &* factor
      rest = rest.dropFirst(4)
    }
    if !rest.isEmpty { hash = (hash ^ number(rest)) &* factor }
    hash ^= hash >> 13
    hash = hash &* factor
    return hash ^ hash >> 15
  }

  /// Up to four bytes, lowest first.
  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }
}

extension [UInt8] {
  /// Bytes from pairs of hexadecimal digits, spaces and colons between them or not.
  public init?(hexadecimal text: some StringProtocol) {
    var digits: [UInt8] = []
    for character in text where character != " " && character != ":" {
      guard let digit = character.hexDigitValue, character.isASCII else { return nil }
      digits.append(UInt8(digit))
    }
    guard digits.count % 2 == 0 else { return nil }
    self = stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }

  /// Two lower-case digits a byte.
  public var hexadecimal: String {
    reduce(into: "") { text, byte in
      if byte < 16 { text += "0" }
      text += String(byte, radix: 16)
    }
  }
}

import Cryptography

/// Base64 (RFC 4648, 4) between text and memory that is wiped; XML's white space is passed over.
enum Base64 {
  /// Nil for what is not base64, or has bits left over.
  static func decode(_ text: String) -> SecretBytes? {
    let digits = text.utf8.lazy.filter { !isWhiteSpace($0) }
    let digitCount = digits.reduce(0) { count, _ in count + 1 }
    let padding = digits.reversed().prefix(3).prefix { $0 == UInt8(ascii: "=") }.count
    guard digitCount.isMultiple(of: 4), padding <= 2 else { return nil }
    var isValid = true
    let bytes = SecretBytes(count: digitCount / 4 * 3 - padding) { output in
      isValid = decode(digits.prefix(digitCount - padding), into: output)
    }
    return isValid ? bytes : nil
  }

  static func encode(_ bytes: SecretBytes) -> SecretBytes {
    bytes.withUnsafeBytes { input in
      SecretBytes(count: (input.count + 2) / 3 * 4) { encode(input, into: $0) }
    }
  }

  private static func decode(
    _ digits: some Sequence<UInt8>, into output: UnsafeMutableRawBufferPointer
  ) -> Bool {
    var bits: UInt32 = 0
    var bitCount = 0
    var position = 0
    for digit in digits {
      guard let value = value(of: digit) else { return false }
      bits = (bits << 6 | UInt32(value)) & 0xFFF
      bitCount += 6
      guard bitCount >= 8 else { continue }
      guard position < output.count else { return false }
      bitCount -= 8
      output[position] = UInt8(truncatingIfNeeded: bits >> UInt32(bitCount))
      position += 1
    }
    return position == output.count && bits & (1 << UInt32(bitCount) - 1) == 0
  }

  private static func encode(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) {
    for group in 0..<output.count / 4 {
      let rest = input[(group * 3)...].prefix(3)
      var bits: UInt32 = 0
      for byte in rest { bits = bits << 8 | UInt32(byte) }
      bits <<= UInt32(3 - rest.count) * 8
      for index in 0..<4 {
        let digit = bits >> UInt32(18 - 6 * index) & 0x3F
        output[group * 4 + index] =
          index <= rest.count ? Self.digit(of: UInt8(digit)) : UInt8(ascii: "=")
      }
    }
  }

  private static func value(of digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): digit - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0") + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }

  private static func digit(of value: UInt8) -> UInt8 {
    switch value {
    case 0..<26: value + UInt8(ascii: "A")
    case 26..<52: value - 26 + UInt8(ascii: "a")
    case 52..<62: value - 52 + UInt8(ascii: "0")
    case 62: UInt8(ascii: "+")
    default: UInt8(ascii: "/")
    }
  }

  private static func isWhiteSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0D).contains(byte)
  }
}

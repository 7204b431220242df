/// Hexadecimal as people type it: upper or lower case, spaces and colons between bytes.
enum Hexadecimal {
  static func text(_ bytes: [UInt8]) -> String {
    var text = ""
    for byte in bytes {
      let digits = String(byte, radix: 16, uppercase: true)
      text += digits.count == 1 ? "0\(digits)" : digits
    }
    return text
  }

  static func bytes(_ text: String) -> [UInt8]? {
    let digits = text.filter { $0 != " " && $0 != ":" }
    guard digits.utf8.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    var high: UInt8?
    for character in digits {
      guard let value = character.hexDigitValue else { return nil }
      if let first = high {
        bytes.append(first << 4 | UInt8(value))
        high = nil
      } else {
        high = UInt8(value)
      }
    }
    return bytes
  }
}

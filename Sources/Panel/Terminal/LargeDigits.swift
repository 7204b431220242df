import Appliance

/// Digits seven rows high, of spaces in reverse video: those every terminal has, whatever its letters.
enum LargeDigits {
  static let height = 7

  /// Appends one row of a code's digits.
  ///
  /// - Parameter isReversed: false where a terminal is to be spared attributes; `#` then.
  static func append(
    _ code: ShownCode, row: Int, dotWidth: Int, isReversed: Bool, to bytes: inout [UInt8]
  ) {
    code.withDigits { digits in
      let count = min(digits.count, ShownCode.maximumDigitCount)
      for index in 0..<count {
        if ShownCode.hasGap(before: index, of: count) { appendDots(3, dotWidth, 0x20, to: &bytes) }
        for dots in PixelFont.columns(of: 0x30 + digits[index] % 10) {
          let isLit = dots >> UInt8(row & 7) & 1 == 1
          if isLit && isReversed {
            bytes += ControlSequences.reverse.utf8
            appendDots(1, dotWidth, 0x20, to: &bytes)
            bytes += ControlSequences.plain.utf8
          } else {
            appendDots(1, dotWidth, isLit ? 0x23 : 0x20, to: &bytes)
          }
        }
        appendDots(1, dotWidth, 0x20, to: &bytes)
      }
    }
  }

  private static func appendDots(_ count: Int, _ width: Int, _ byte: UInt8, to bytes: inout [UInt8])
  { bytes += repeatElement(byte, count: count * width) }
}

extension ShownCode {
  /// Whether the second of two groups begins with a digit.
  static func hasGap(before index: Int, of count: Int) -> Bool {
    count > 4 && index == (count + 1) / 2
  }

  /// The width of the code in large digits, in dots.
  var dotCount: Int {
    withDigits { digits in
      let count = min(digits.count, Self.maximumDigitCount)
      return count * PixelFont.cellWidth + (count > 4 ? 3 : 0)
    }
  }
}

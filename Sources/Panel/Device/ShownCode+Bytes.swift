import Appliance

extension ShownCode {
  /// More digits than any code has are not shown.
  static let maximumDigitCount = 10

  /// Appends the digits in ASCII, in two groups with a space between; nothing once they were wiped.
  func appendGrouped(to bytes: inout [UInt8]) {
    withDigits { digits in
      let count = min(digits.count, Self.maximumDigitCount)
      for index in 0..<count {
        if Self.hasGap(before: index, of: count) { bytes.append(0x20) }
        bytes.append(0x30 + digits[index] % 10)
      }
    }
  }

  /// The width of what `appendGrouped` appends.
  var groupedCount: Int {
    withDigits { digits in
      let count = min(digits.count, Self.maximumDigitCount)
      return count > 4 ? count + 1 : count
    }
  }

  /// Writes what `appendGrouped` appends over a row of characters.
  func place(in row: inout [UInt8], at column: Int) {
    var digits: [UInt8] = []
    digits.reserveCapacity(2 * Self.maximumDigitCount)
    appendGrouped(to: &digits)
    for (index, digit) in digits.enumerated() where row.indices.contains(column + index) {
      row[column + index] = digit
    }
    digits.overwrite()
  }
}

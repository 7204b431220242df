import Appliance

/// The picture of an SSD1306: pages of eight rows, a byte for each column of a page, bit 0 at the top.
struct PixelFrame {
  static let width = 128
  /// Rows of text.
  let pageCount: Int
  private(set) var bytes: [UInt8]

  init(pageCount: Int) {
    self.pageCount = pageCount
    bytes = Array(repeating: 0, count: pageCount * Self.width)
  }

  func page(_ index: Int) -> ArraySlice<UInt8> {
    bytes[(index * Self.width)..<((index + 1) * Self.width)]
  }

  /// Overwrites everything in place.
  mutating func clear() {
    for index in bytes.indices { bytes[index] = 0 }
  }

  /// A row of ASCII; what runs past the edge is cut.
  mutating func draw(_ text: String, page: Int, isInverted: Bool = false) {
    guard (0..<pageCount).contains(page) else { return }
    let start = page * Self.width
    var column = 0
    for character in text.utf8 {
      for dots in PixelFont.columns(of: character) where column < Self.width {
        bytes[start + column] = dots
        column += 1
      }
      column += 1
    }
    guard isInverted else { return }
    for index in start..<(start + Self.width) { bytes[index] = ~bytes[index] }
  }

  /// The digits of a code, as wide as there is room for, in the middle of the pages from `page` on.
  mutating func draw(_ code: ShownCode, page: Int, pageCount: Int) {
    let pageCount = min(pageCount, self.pageCount - page)
    code.withDigits { digits in
      let count = min(digits.count, ShownCode.maximumDigitCount)
      guard count > 0, page >= 0, pageCount > 0 else { return }
      // A digit is 5 by 7 dots and a column of space; the gap between the groups is half a digit.
      let horizontal = max(1, min(4, (Self.width * 2) / (count * 12 + 6)))
      let vertical = min(4, max(1, pageCount * 8 / 7))
      let width = (count * 6 + 3) * horizontal
      let left = max(0, (Self.width - width) / 2)
      let top = page * 8 + (pageCount * 8 - 7 * vertical) / 2
      for index in 0..<count {
        let gap = count > 4 && index >= (count + 1) / 2 ? 3 : 0
        draw(
          0x30 + digits[index] % 10, x: left + (index * 6 + gap) * horizontal, y: top, horizontal,
          vertical)
      }
    }
  }

  private mutating func draw(
    _ character: UInt8, x: Int, y: Int, _ horizontal: Int, _ vertical: Int
  ) {
    let columns = PixelFont.columns(of: character)
    for (column, dots) in columns.enumerated() {
      for row in 0..<7 where dots & 1 << row != 0 {
        for dx in 0..<horizontal {
          for dy in 0..<vertical {
            light(x + column * horizontal + dx, y + row * vertical + dy)
          }
        }
      }
    }
  }

  private mutating func light(_ x: Int, _ y: Int) {
    guard (0..<Self.width).contains(x), (0..<(pageCount * 8)).contains(y) else { return }
    bytes[y / 8 * Self.width + x] |= 1 << (y % 8)
  }
}

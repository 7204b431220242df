@testable import Panel

/// A terminal's screens as a user sees them, from the bytes sent to it: what a VT100 and xterm do with
/// the sequences that are in use here. Anything else is a failure of the test.
struct VirtualTerminal {
  /// Rows of cells; the second cell of a wide character is "".
  typealias Grid = [[String]]

  let columns: Int
  let rows: Int
  private(set) var main: Grid
  private(set) var alternate: Grid
  private(set) var isAlternate = false
  private(set) var scrollback: [[String]] = []
  private(set) var cursorIsHidden = false
  private(set) var unknown: [String] = []
  private(set) var row = 0
  private(set) var column = 0
  private var wraps = true
  private var isReversed = false

  /// The kernel's console has had no other screen for most of its life.
  private let hasAlternate: Bool

  init(columns: Int = 80, rows: Int = 24, hasAlternate: Bool = true) {
    self.hasAlternate = hasAlternate
    self.columns = columns
    self.rows = rows
    main = Array(repeating: Array(repeating: " ", count: columns), count: rows)
    alternate = main
  }

  private var grid: Grid {
    get { isAlternate ? alternate : main }
    set { if isAlternate { alternate = newValue } else { main = newValue } }
  }

  /// What is in sight, without blanks at the ends.
  var lines: [String] { grid.map(Self.text) }
  var text: String { lines.joined(separator: "\n") }
  /// Everything that can be brought into sight.
  var everything: String {
    (main + alternate + scrollback).map(Self.text).joined(separator: "\n")
  }

  private static func text(_ row: [String]) -> String {
    var text = row.joined()
    while text.last == " " { text.removeLast() }
    return text
  }

  mutating func receive(_ bytes: [UInt8]) {
    let scalars = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
    var index = 0
    while index < scalars.count {
      if scalars[index] == "\u{1B}" {
        index = sequence(scalars, from: index + 1)
      } else {
        put(scalars[index])
        index += 1
      }
    }
  }

  private mutating func sequence(_ scalars: [Unicode.Scalar], from start: Int) -> Int {
    guard start < scalars.count, scalars[start] == "[" else {
      unknown.append("ESC")
      return start
    }
    var end = start + 1
    while end < scalars.count, !(0x40...0x7E).contains(scalars[end].value) { end += 1 }
    guard end < scalars.count else {
      unknown.append("unfinished")
      return end
    }
    var parameters = ""
    parameters.unicodeScalars.append(contentsOf: scalars[(start + 1)..<end])
    perform(parameters, Character(scalars[end]))
    return end + 1
  }

  private mutating func perform(_ parameters: String, _ final: Character) {
    switch (parameters, final) {
    case ("?1049", "h"):
      guard hasAlternate else { return }
      isAlternate = true
      alternate = Array(repeating: Array(repeating: " ", count: columns), count: rows)
    case ("?1049", "l"): isAlternate = false
    case ("?25", "l"): cursorIsHidden = true
    case ("?25", "h"): cursorIsHidden = false
    case ("?7", "l"): wraps = false
    case ("?7", "h"): wraps = true
    case ("3", "J"):
      scrollback = []
      // xterm leaves what is in sight; the kernel's console does not (console_codes(4)).
      if !hasAlternate {
        main = Array(repeating: Array(repeating: " ", count: columns), count: rows)
      }
    case (_, "m"): isReversed = parameters == "7"
    case ("", "K"): for index in column..<columns { grid[row][index] = " " }
    case (_, "H"):
      let numbers = parameters.split(separator: ";").compactMap { Int($0) }
      row = min(rows, max(1, numbers.first ?? 1)) - 1
      column = min(columns, max(1, numbers.count > 1 ? numbers[1] : 1)) - 1
    default: unknown.append(parameters + String(final))
    }
  }

  private mutating func put(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\r": column = 0
    case "\n": lineFeed()
    case "\u{8}": column = max(0, column - 1)
    case _ where scalar.value < 0x20 || scalar.value == 0x7F: unknown.append("\(scalar.value)")
    default: draw(scalar)
    }
  }

  private mutating func lineFeed() {
    if row < rows - 1 {
      row += 1
      return
    }
    let top = grid[0]
    if !isAlternate { scrollback.append(top) }
    grid = Array(grid.dropFirst()) + [Array(repeating: " ", count: columns)]
  }

  private mutating func draw(_ scalar: Unicode.Scalar) {
    let width = ColumnWidth.columns(scalar)
    if width == 0 {
      if column > 0 { grid[row][column - 1].unicodeScalars.append(scalar) }
      return
    }
    if column + width > columns {
      guard wraps else {
        grid[row][columns - 1] = String(Character(scalar))
        return
      }
      column = 0
      lineFeed()
    }
    grid[row][column] = isReversed && scalar == " " ? "█" : String(Character(scalar))
    if width == 2 { grid[row][column + 1] = "" }
    column += width
  }
}

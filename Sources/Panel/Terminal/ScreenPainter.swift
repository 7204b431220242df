import Appliance

/// Brings a terminal from one set of rows to the next by the fewest bytes: a countdown on a line of
/// 9600 bits a second must not take a second to draw. Rows are overwritten where they are, never
/// scrolled, so that nothing of them gets into a scrollback.
struct ScreenPainter {
  private var shown: [TextRow] = []
  private var size: TextSize?
  private var paintCount = 0
  let isColored: Bool
  /// Whether the terminal is this program's alone, scrollback and all.
  let isOwned: Bool

  /// What others write on the terminal, the kernel for one, is painted over after so many pictures.
  private static let refreshInterval = 30

  init(isColored: Bool, isOwned: Bool) {
    self.isColored = isColored
    self.isOwned = isOwned
  }

  /// What to send so that `rows` are seen, and nothing else.
  mutating func paint(_ rows: [TextRow], size: TextSize, code: ShownCode?) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8192)
    paintCount += 1
    let isWhole =
      size != self.size || paintCount % Self.refreshInterval == 0
      || rows.first { !$0.text.isEmpty } != shown.first { !$0.text.isEmpty }
    if self.size == nil { append(ControlSequences.enter, to: &bytes) }
    // Before the rows: the kernel's console erases what is in sight as well.
    if isOwned && isWhole { append(ControlSequences.eraseScrollback, to: &bytes) }
    for index in 0..<size.rows {
      let row = index < rows.count ? rows[index] : TextRow("")
      let old = index < shown.count ? shown[index] : TextRow("")
      if isWhole || row != old { paint(row, at: index, code, into: &bytes) }
    }
    shown = rows
    self.size = size
    return bytes
  }

  private func paint(
    _ row: TextRow, at index: Int, _ code: ShownCode?, into bytes: inout [UInt8]
  ) {
    let style = ControlSequences.style(row.style, isColored: isColored)
    append(ControlSequences.goTo(row: index) + style + row.text, to: &bytes)
    if let part = row.code, let code, code.number == part.number { paint(part, code, into: &bytes) }
    if !style.isEmpty { append(ControlSequences.plain, to: &bytes) }
    append(ControlSequences.eraseLineToEnd, to: &bytes)
  }

  private func paint(_ part: TextRow.CodePart, _ code: ShownCode, into bytes: inout [UInt8]) {
    guard let row = part.largeRow else { return code.appendGrouped(to: &bytes) }
    LargeDigits.append(
      code, row: row, dotWidth: part.dotWidth, isReversed: isColored, to: &bytes)
  }

  /// Clears all rows and gives the terminal back.
  mutating func leave() -> [UInt8] {
    guard let size else { return [] }
    var bytes = paint([], size: size, code: nil)
    append(ControlSequences.goTo(row: 0) + ControlSequences.leave, to: &bytes)
    self.size = nil
    return bytes
  }

  private func append(_ text: String, to bytes: inout [UInt8]) { bytes += text.utf8 }
}

import Appliance
import Messages

/// A picture as rows of text of any size. What matters most stays longest as it gets smaller: the code
/// or the fields, the notice, the headline, the time, what to do, blank rows.
struct TextLayout {
  let size: TextSize
  let texts: Texts
  /// Blank columns at the left edge.
  var margin = 2
  /// Whether there are no letters but ASCII's.
  var isLatin = false
  /// Rows that the code takes.
  var codeHeight = 1
  /// Whether it is written a second time in digits seven rows high, where there is room.
  var hasLargeDigits = false

  /// - Parameter page: chooses among so many pages which is in sight.
  func rows(of picture: Picture, page: (Int) -> Int) -> [TextRow] {
    guard let wording = Wording(picture, in: texts) else { return [] }
    let body = body(of: picture, wording)
    let bodyHeight = body.reduce(0) { $0 + $1.count }
    let isCode = picture.code != nil
    // A notice goes soon; until then it may have some of the fields' place, which come in pages.
    let share = size.rows / (wording.notice == nil ? 2 : 4)
    var room = size.rows - (isCode ? bodyHeight : min(bodyHeight, max(1, share)))
    func take(_ rows: [TextRow]) -> [TextRow] {
      guard rows.count <= room else { return [] }
      room -= rows.count
      return rows
    }
    let timeRows = wording.timeLeft.map { wrapped($0, .faint) } ?? []
    // A headline can be done without beside a code; the code's time cannot.
    var time = isCode ? take(timeRows) : []
    let notice = take(wording.notice.map { wrapped($0, .warning) } ?? [])
    let headline = take(wrapped(wording.heading.headline, .strong))
    if !isCode { time = take(timeRows) }
    let detail = take(wrapped(wording.heading.detail, .plain))
    let gap = room >= 5 ? [TextRow("")] : []
    room -= 5 * gap.count
    let above = gap + headline + detail + gap
    let below = (notice.isEmpty ? [] : gap + notice) + (time.isEmpty ? [] : gap + time)
    return above + sheet(of: body, height: size.rows - above.count - below.count, page) + below
  }

  /// Groups of rows that belong together.
  private func body(of picture: Picture, _ wording: Wording) -> [[TextRow]] {
    if let code = picture.code { return [rows(of: code)] }
    let fields = size.columns < 30 ? wording.fields.map(stacked) : inColumns(wording.fields)
    return wording.reasons.map { wrapped("- " + $0, .plain) } + fields
  }

  private func rows(of code: ShownCode) -> [TextRow] {
    let start = String(repeating: " ", count: 2 * margin)
    let plain = TextRow(start, .strong, code: TextRow.CodePart(number: code.number))
    let dotWidth = (size.columns - margin) / max(1, code.dotCount)
    guard hasLargeDigits, dotWidth > 0, size.rows >= Self.leastRowsForLargeDigits else {
      return [plain] + Array(repeating: TextRow(""), count: min(size.rows, codeHeight) - 1)
    }
    let large = (0..<LargeDigits.height).map { row in
      let part = TextRow.CodePart(number: code.number, largeRow: row, dotWidth: min(2, dotWidth))
      return TextRow(indent, code: part)
    }
    return [plain, TextRow("")] + large
  }

  private static let leastRowsForLargeDigits = 18

  /// Labels in a column of their own, values beside them.
  private func inColumns(_ fields: [Wording.Field]) -> [[TextRow]] {
    let available = size.columns - margin
    let widest = fields.map { ColumnWidth.columns(shown($0.label)) }.max() ?? 0
    let column = min(widest, available / 3)
    return fields.map { field in
      let labels = wrap(field.label, column)
      let values = wrap(field.value, available - column - 2)
      return (0..<max(labels.count, values.count)).map { index in
        let label = index < labels.count ? labels[index] : ""
        let value = index < values.count ? values[index] : ""
        let padding = max(0, column - ColumnWidth.columns(label)) + 2
        return TextRow(indent + label + String(repeating: " ", count: padding) + value)
      }
    }
  }

  /// Where columns are too narrow: the value after its label, or below it.
  private func stacked(_ field: Wording.Field) -> [TextRow] {
    let both = wrapped(field.label + ": " + field.value, .plain)
    return both.count == 1
      ? both : wrapped(field.label + ":", .plain) + wrapped(field.value, .plain)
  }

  /// The part of the body that is in sight, with a row that counts the pages when it is not all.
  private func sheet(of body: [[TextRow]], height: Int, _ page: (Int) -> Int) -> [TextRow] {
    let all = PagePacking.pages(of: body, height: height)
    guard all.count > 1 else { return all.first ?? [] }
    let pages = height > 1 ? PagePacking.pages(of: body, height: height - 1) : all
    let index = min(max(0, page(pages.count)), pages.count - 1)
    let number = TextRow("\(indent)\(shown(texts.labels.page)) \(index + 1)/\(pages.count)", .faint)
    return height > 1 ? pages[index] + [number] : pages[index]
  }

  private var indent: String { String(repeating: " ", count: margin) }

  private func wrapped(_ text: String, _ style: TextRow.Style) -> [TextRow] {
    wrap(text, size.columns - margin).map { TextRow(indent + $0, style) }
  }

  private func wrap(_ text: String, _ width: Int) -> [String] {
    LineWrap.lines(shown(text), width: width) { ColumnWidth.columns($0) }
  }

  private func shown(_ text: String) -> String { isLatin ? LatinText.ascii(text) : text }
}

import Appliance
import Messages

/// A picture as rows of a terminal of any size. What matters most stays longest as it gets smaller:
/// the code or the fields, the headline, the time, the notice, what to do, blank rows.
struct TerminalLayout {
  let size: TerminalSize
  let texts: Texts
  /// Rows that stand apart from the others, at the left edge.
  private static let margin = "  "

  /// - Parameter page: chooses among so many pages which is in sight.
  func rows(of picture: Picture, page: (Int) -> Int) -> [TerminalRow] {
    guard let wording = Wording(picture, in: texts) else { return [] }
    let body = body(of: picture, wording)
    var room = size.rows - min(body.count, max(1, size.rows / 2))
    func take(_ rows: [TerminalRow]) -> [TerminalRow] {
      guard rows.count <= room else { return [] }
      room -= rows.count
      return rows
    }
    let headline = take(wrapped(wording.heading.headline, .strong))
    let time = take(wording.timeLeft.map { wrapped($0, .faint) } ?? [])
    let notice = take(wording.notice.map { wrapped($0, .warning) } ?? [])
    let detail = take(wrapped(wording.heading.detail, .plain))
    let gap = room >= 5 ? [TerminalRow("")] : []
    room -= 5 * gap.count
    let above = gap + headline + detail + gap
    let below = (notice.isEmpty ? [] : gap + notice) + (time.isEmpty ? [] : gap + time)
    return above + sheet(of: body, height: size.rows - above.count - below.count, page) + below
  }

  private func body(of picture: Picture, _ wording: Wording) -> [TerminalRow] {
    if case .code(let code, _) = picture.content {
      return [TerminalRow(Self.margin + Self.margin, .strong, codeNumber: code.number)]
    }
    return wording.reasons.flatMap { wrapped("- " + $0, .plain) } + fields(wording.fields)
  }

  /// Labels in a column of their own, values beside them.
  private func fields(_ fields: [Wording.Field]) -> [TerminalRow] {
    let available = size.columns - Self.margin.count
    let widest = fields.map { ColumnWidth.columns($0.label) }.max() ?? 0
    let column = min(widest, available / 3)
    return fields.flatMap { field in
      let labels = wrap(field.label, column)
      let values = wrap(field.value, available - column - 2)
      return (0..<max(labels.count, values.count)).map { index in
        let label = index < labels.count ? labels[index] : ""
        let value = index < values.count ? values[index] : ""
        let padding = String(repeating: " ", count: max(0, column - ColumnWidth.columns(label)) + 2)
        return TerminalRow(Self.margin + label + padding + value)
      }
    }
  }

  /// The part of the body that is in sight, with a row that counts the pages when it is not all.
  private func sheet(
    of body: [TerminalRow], height: Int, _ page: (Int) -> Int
  ) -> [TerminalRow] {
    guard body.count > height else { return body }
    let size = max(1, height - 1)
    let count = (body.count + size - 1) / size
    let index = min(max(0, page(count)), count - 1)
    let part = Array(body[(index * size)..<min(body.count, (index + 1) * size)])
    let number = TerminalRow("\(Self.margin)\(texts.labels.page) \(index + 1)/\(count)", .faint)
    return height > 1 ? part + [number] : part
  }

  private func wrapped(_ text: String, _ style: TerminalRow.Style) -> [TerminalRow] {
    wrap(text, size.columns - Self.margin.count).map { TerminalRow(Self.margin + $0, style) }
  }

  private func wrap(_ text: String, _ width: Int) -> [String] {
    LineWrap.lines(text, width: width) { ColumnWidth.columns($0) }
  }
}

import Appliance
import Messages

/// A picture as rows of characters of an HD44780's ROM.
struct CharacterLCDLayout {
  let columns: Int
  let rows: Int
  private var texts: Texts { .short }

  /// `rows` rows of `columns` characters each.
  ///
  /// - Parameter page: chooses among so many pages of a transaction.
  func frame(of picture: Picture, page: (Int) -> Int) -> [[UInt8]] {
    guard let wording = Wording(picture, in: texts) else { return padded([]) }
    switch picture.content {
    case .blank: return padded([])
    case .code(let code, _): return padded(self.rows(of: code, picture, wording))
    case .screen(.transaction):
      let fields = PagePacking.pages(of: wording.fields.map(lines), height: rows)
      let pages = [heading(picture, wording)] + fields
      return padded(pages[min(max(0, page(pages.count)), pages.count - 1)])
    case .screen: return padded(heading(picture, wording))
    }
  }

  private func heading(_ picture: Picture, _ wording: Wording) -> [[UInt8]] {
    let second = wording.notice ?? wording.reasons.first ?? wording.heading.detail
    if rows == 2 {
      return [bytes(wording.heading.headline), with(time: picture.secondsLeft, bytes(second))]
    }
    let reasons = wording.reasons.map(bytes)
    let third = wording.notice.map { [bytes($0)] } ?? (reasons.isEmpty ? [[]] : reasons)
    let above = [bytes(wording.heading.headline), bytes(wording.heading.detail)]
    return (above + third).prefix(3) + [with(time: picture.secondsLeft, [])]
  }

  private func rows(of code: ShownCode, _ picture: Picture, _ wording: Wording) -> [[UInt8]] {
    let below = bytes(wording.notice ?? wording.heading.detail)
    var digits: [UInt8] = []
    digits.reserveCapacity(columns)
    if rows > 2 { digits += repeatElement(0x20, count: max(0, columns - code.groupedCount) / 2) }
    code.appendGrouped(to: &digits)
    if rows == 2 { return [with(time: picture.secondsLeft, digits), below] }
    return [
      bytes(wording.heading.headline), digits, below, with(time: picture.secondsLeft, []),
    ]
  }

  private func lines(of field: Wording.Field) -> [[UInt8]] {
    let label = LatinText.ascii(field.label) + ":"
    let value = LatinText.ascii(field.value)
    let both = label + " " + value
    if both.utf8.count <= columns { return [bytes(both)] }
    return (LineWrap.lines(label, width: columns) + LineWrap.lines(value, width: columns)).map(
      bytes)
  }

  /// The time at the right end, as long a form as there is room for, or none.
  private func with(time: Int?, _ row: [UInt8]) -> [UInt8] {
    guard let time else { return row }
    for form in [texts.secondsLeft(time), "\(max(0, time))s"] {
      let room = columns - row.count - form.utf8.count
      guard room >= (row.isEmpty ? 0 : 1) else { continue }
      var row = row
      row.reserveCapacity(columns)
      row += repeatElement(0x20, count: row.isEmpty ? 0 : room)
      row += form.utf8
      return row
    }
    return row
  }

  private func padded(_ rows: [[UInt8]]) -> [[UInt8]] {
    (0..<self.rows).map { index in
      var row = index < rows.count ? Array(rows[index].prefix(columns)) : []
      row += repeatElement(0x20, count: columns - row.count)
      return row
    }
  }

  /// The ROM has a yen sign and an arrow where ASCII has a backslash and a tilde.
  private func bytes(_ text: String) -> [UInt8] {
    LatinText.ascii(text).utf8.map { $0 == 0x5C ? 0x2F : $0 == 0x7E ? 0x2D : $0 }
  }
}

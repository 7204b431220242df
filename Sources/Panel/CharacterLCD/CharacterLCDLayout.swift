import Appliance
import Messages

/// Rows of characters, and where among them the digits of a code go: those are never in it.
struct CharacterLCDFrame: Hashable {
  var rows: [[UInt8]]
  var codeRow: Int?
  var codeColumn = 0
}

/// A picture as rows of characters of an HD44780's ROM.
struct CharacterLCDLayout {
  let columns: Int
  let rows: Int
  private var texts: Texts { .short }

  /// `rows` rows of `columns` characters each.
  ///
  /// - Parameter page: chooses among so many pages of a transaction.
  func frame(of picture: Picture, page: (Int) -> Int) -> CharacterLCDFrame {
    guard let wording = Wording(picture, in: texts) else { return frame([]) }
    switch picture.content {
    case .blank: return frame([])
    case .code(let code, _): return frame(of: code, picture, wording)
    case .screen(.transaction):
      let pages = pages(of: picture, wording)
      return frame(pages[min(max(0, page(pages.count)), pages.count - 1)])
    case .screen: return frame(heading(picture, wording))
    }
  }

  /// What to do, then the fields. What there is to say comes back before each page of them.
  private func pages(of picture: Picture, _ wording: Wording) -> [[[UInt8]]] {
    let heading = heading(picture, wording)
    let fields = PagePacking.pages(of: wording.fields.map(lines), height: rows)
    return wording.notice == nil ? [heading] + fields : fields.flatMap { [heading, $0] }
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

  private func frame(
    of code: ShownCode, _ picture: Picture, _ wording: Wording
  ) -> CharacterLCDFrame {
    let below = bytes(wording.notice ?? wording.heading.detail)
    let room = [UInt8](repeating: 0x20, count: min(columns, code.groupedCount))
    if rows == 2 {
      var frame = frame([with(time: picture.secondsLeft, room), below])
      frame.codeRow = 0
      return frame
    }
    var frame = frame([
      bytes(wording.heading.headline), [], below, with(time: picture.secondsLeft, []),
    ])
    frame.codeRow = 1
    frame.codeColumn = (columns - room.count) / 2
    return frame
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

  private func frame(_ rows: [[UInt8]]) -> CharacterLCDFrame {
    CharacterLCDFrame(
      rows: (0..<self.rows).map { index in
        let row = index < rows.count ? Array(rows[index].prefix(columns)) : []
        return row + Array(repeating: 0x20, count: columns - row.count)
      })
  }

  /// The ROM has a yen sign and an arrow where ASCII has a backslash and a tilde.
  private func bytes(_ text: String) -> [UInt8] {
    LatinText.ascii(text).utf8.map { $0 == 0x5C ? 0x2F : $0 == 0x7E ? 0x2D : $0 }
  }
}

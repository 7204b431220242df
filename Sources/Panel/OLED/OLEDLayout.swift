import Appliance
import Messages

/// A picture as pixels.
///
/// Text is ASCII: the project's own words in English, names in a transaction romanised. A bitmap font
/// for Hangul is 350 KB (GNU Unifont, which its OFL would allow), and Devanagari needs letters to be
/// joined and reordered, at 8 dots unreadable: too much for a display of eight rows.
struct OLEDLayout {
  let pageCount: Int

  private static let columnCount = PixelFrame.width / PixelFont.cellWidth

  /// - Parameters:
  ///   - frame: one that was cleared.
  ///   - page: chooses among so many pages of a transaction.
  func draw(_ picture: Picture, into frame: inout PixelFrame, page: (Int) -> Int) {
    if pageCount < 8 && picture.code == nil {
      drawSmall(picture, into: &frame, page: page)
    } else {
      drawLarge(picture, into: &frame, page: page)
    }
  }

  private func drawLarge(_ picture: Picture, into frame: inout PixelFrame, page: (Int) -> Int) {
    let codeHeight = pageCount < 8 ? 3 : 4
    let layout = TextLayout(
      size: TextSize(columns: Self.columnCount, rows: pageCount),
      texts: pageCount < 8 ? .short : .latin, margin: 0, isLatin: true, codeHeight: codeHeight)
    for (index, row) in layout.rows(of: picture, page: page).enumerated() {
      if row.code != nil, let code = picture.code {
        frame.draw(code, page: index, pageCount: codeHeight)
      } else if !row.text.isEmpty {
        frame.draw(row.text, page: index, isInverted: row.style == .warning)
      }
    }
  }

  /// Four rows: the same as a character display has.
  private func drawSmall(_ picture: Picture, into frame: inout PixelFrame, page: (Int) -> Int) {
    let layout = CharacterLCDLayout(columns: Self.columnCount, rows: pageCount)
    for (index, row) in layout.frame(of: picture, page: page).rows.enumerated() {
      frame.draw(String(decoding: row, as: UTF8.self), page: index)
    }
  }
}

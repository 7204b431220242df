import Appliance

/// One row of text. The digits of a code are never in it: they are put in on their way out.
struct TextRow: Hashable {
  enum Style: Hashable {
    case plain
    case strong
    case warning
    case faint
  }

  /// What of a code stands in a row.
  struct CodePart: Hashable {
    var number: UInt64
    /// Of the seven rows of its large digits; nil for plain ones.
    var largeRow: Int?
    /// Columns that a dot of a large digit takes.
    var dotWidth = 0
  }

  var text: String
  var style: Style
  /// The digits that follow the text.
  var code: CodePart?

  init(_ text: String, _ style: Style = .plain, code: CodePart? = nil) {
    self.text = text
    self.style = style
    self.code = code
  }
}

struct TextSize: Hashable {
  let columns: Int
  let rows: Int

  /// A VT100's; what is assumed where nothing is said.
  static let standard = TextSize(columns: 80, rows: 24)

  /// Sizes beyond any screen, and zero, which a serial line has, are brought into range.
  init(columns: Int, rows: Int) {
    self.columns = columns <= 0 ? 80 : min(max(columns, 8), 400)
    self.rows = rows <= 0 ? 24 : min(rows, 200)
  }
}

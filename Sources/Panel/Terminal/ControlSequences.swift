/// The control sequences of ECMA-48 and of xterm that every terminal emulator in use knows.
enum ControlSequences {
  /// The other screen, which has no scrollback; cursor hidden; no wrapping at the right edge, so that
  /// text measured differently than the terminal measures it cannot make it scroll.
  static let enter = "\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l\u{1B}[0m"
  static let leave = "\u{1B}[0m\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l"
  static let eraseLineToEnd = "\u{1B}[K"
  static let eraseScrollback = "\u{1B}[3J"

  /// - Parameter row: from 0.
  static func goTo(row: Int) -> String { "\u{1B}[\(row + 1);1H" }

  static func style(_ style: TextRow.Style, isColored: Bool) -> String {
    switch (style, isColored) {
    case (.plain, _), (_, false): ""
    case (.strong, true): "\u{1B}[1m"
    case (.warning, true): "\u{1B}[1;33m"
    case (.faint, true): "\u{1B}[36m"
    }
  }

  static let plain = "\u{1B}[0m"
  static let reverse = "\u{1B}[7m"
}

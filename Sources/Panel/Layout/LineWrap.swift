/// Text in lines of a given width, broken at spaces where there are any.
enum LineWrap {
  /// - Parameter width: columns, at least 2; `measure` says how many a character takes.
  static func lines(
    _ text: String, width: Int, measure: (Character) -> Int = { _ in 1 }
  ) -> [String] {
    let width = max(2, width)
    var lines: [String] = []
    var line = ""
    var column = 0
    for word in text.split(separator: " ") {
      let wordWidth = word.reduce(0) { $0 + measure($1) }
      if column > 0 && column + 1 + wordWidth <= width {
        line += " " + word
        column += 1 + wordWidth
        continue
      }
      if column > 0 {
        lines.append(line)
        line = ""
        column = 0
      }
      for character in word {
        let size = measure(character)
        if column > 0 && column + size > width {
          lines.append(line)
          line = ""
          column = 0
        }
        line.append(character)
        column += size
      }
    }
    if column > 0 || lines.isEmpty { lines.append(line) }
    return lines
  }
}

/// The beginning of what somebody wrote, fit to be shown in one line on a terminal.
enum Excerpt {
  private static let length = 32

  static func of(_ text: some StringProtocol) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars.prefix(length) {
      let isVisible = scalar.isASCII && scalar.value >= 0x20 && scalar.value != 0x7F
      result.append(isVisible ? scalar : "?")
    }
    return String(result) + (text.unicodeScalars.count > length ? "..." : "")
  }
}

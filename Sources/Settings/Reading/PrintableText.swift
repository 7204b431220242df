/// Text from a file or the environment, made fit to be shown.
enum PrintableText {
  private static let longest = 60

  /// At most 60 characters, none of which a terminal would act on.
  static func safe(_ text: some StringProtocol) -> String {
    var result = ""
    for character in text.prefix(longest) {
      let isPrintable = character.unicodeScalars.allSatisfy {
        switch $0.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: false
        default: true
        }
      }
      result.append(isPrintable ? character : "?")
    }
    return text.count > longest ? result + "…" : result
  }
}

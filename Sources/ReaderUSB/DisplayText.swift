/// Text that came from a device or a file, made fit to be shown.
public enum DisplayText {
  /// `text` with control characters replaced, so that no device can steer a terminal.
  public static func safe(_ text: some StringProtocol) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: result.append("?")
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}

extension StringProtocol {
  /// Without white space at both ends.
  public var trimmed: Substring {
    var text = self[startIndex...]
    while text.first?.isWhitespace == true { text = text.dropFirst() }
    while text.last?.isWhitespace == true { text = text.dropLast() }
    return Substring(text)
  }
}

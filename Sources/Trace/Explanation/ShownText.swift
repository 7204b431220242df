/// Text for a person's eyes.
public enum ShownText {
  public static func byteCount(_ count: Int) -> String { count == 1 ? "1 byte" : "\(count) bytes" }

  /// The bytes as text. Nil when they are not UTF-8, or hold what a terminal would obey or not show:
  /// controls, formats, line ends.
  static func quoted(_ bytes: [UInt8]) -> String? {
    guard let text = String(validating: bytes, as: UTF8.self), !text.isEmpty,
      text.unicodeScalars.allSatisfy(isShown)
    else { return nil }
    return "\"\(text)\""
  }

  private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator:
      false
    default: true
    }
  }
}

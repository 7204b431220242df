/// Text from a bank or a card, made fit to be shown: what a person sees is all there is, in the order
/// in which it stands.
public enum SafeText {
  /// Stands for what may not be shown.
  private static let replacement: Unicode.Scalar = "\u{FFFD}"
  /// More marks on one letter than any language writes would run into the lines above and below.
  private static let maximumMarkCount = 6

  /// `text` with everything replaced that steers a terminal (controls), reorders text (bidi controls),
  /// shows nothing (default-ignorable), or has no agreed look (private use, unassigned).
  public static func safe(_ text: some StringProtocol) -> String {
    var result = String.UnicodeScalarView()
    var marks = 0
    var previous: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      marks = isMark(scalar) ? marks + 1 : 0
      let isShown = isAllowed(scalar, after: previous) && marks <= maximumMarkCount
      result.append(isShown ? shownForm(of: scalar) : replacement)
      previous = scalar
    }
    return String(result)
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .spacingMark: true
    default: false
    }
  }

  /// Every space is the plain one: others are wider, narrower, or not broken at.
  private static func shownForm(of scalar: Unicode.Scalar) -> Unicode.Scalar {
    scalar == "\t" || scalar.properties.generalCategory == .spaceSeparator ? " " : scalar
  }

  private static func isAllowed(_ scalar: Unicode.Scalar, after previous: Unicode.Scalar?) -> Bool {
    if scalar == "\t" { return true }
    // Joiners after a virama are part of how Hindi is spelled.
    if scalar == "\u{200C}" || scalar == "\u{200D}" { return previous == "\u{94D}" }
    if scalar.properties.isDefaultIgnorableCodePoint { return false }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator:
      return false
    default: return true
    }
  }
}

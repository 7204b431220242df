/// Text for displays that have ASCII alone.
///
/// Hangul is written in the letters of the Revised Romanisation of Korean (2000), syllable by syllable,
/// without its sound changes between syllables: a name stays recognisable letter for letter. Devanagari
/// is written after the Hunterian system, without accents. Other scripts become question marks.
public enum LatinText {
  /// Printable ASCII only, each scalar 0x20 to 0x7E.
  public static func ascii(_ text: some StringProtocol) -> String {
    var result = ""
    var devanagari = DevanagariRomanization()
    for scalar in SafeText.safe(text).unicodeScalars {
      if devanagari.take(scalar, into: &result) { continue }
      devanagari.finish(into: &result)
      result += ascii(scalar)
    }
    devanagari.finish(into: &result)
    return result
  }

  private static func ascii(_ scalar: Unicode.Scalar) -> String {
    if scalar.isASCII { return String(Character(scalar)) }
    if let syllable = HangulRomanization.syllable(scalar) { return syllable }
    if let sign = signs[scalar] { return sign }
    // Full-width forms are ASCII drawn wide.
    if (0xFF01...0xFF5E).contains(scalar.value), let narrow = Unicode.Scalar(scalar.value - 0xFEE0)
    {
      return String(Character(narrow))
    }
    return "?"
  }

  private static let signs: [Unicode.Scalar: String] = [
    "₩": "KRW ", "₹": "INR ", "€": "EUR ", "£": "GBP ", "¥": "JPY ", "–": "-", "—": "-", "−": "-",
    "‘": "'", "’": "'", "“": "\"", "”": "\"", "…": "...", "·": ".", "।": ".", "×": "x", "→": "->",
  ]
}

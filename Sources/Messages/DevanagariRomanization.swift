/// Devanagari in Latin letters after the Hunterian system, without accents; the inherent vowel is
/// dropped at the end of a word, as Hindi does.
struct DevanagariRomanization {
  /// A consonant was written, and its vowel `a` is still open.
  private var vowelIsOpen = false
  private var letterCount = 0

  /// - Returns: false for a scalar that is not Devanagari; `finish` ends the word then.
  mutating func take(_ scalar: Unicode.Scalar, into text: inout String) -> Bool {
    if let consonant = Self.consonants[scalar] {
      closeVowel(into: &text)
      text += consonant
      vowelIsOpen = true
      letterCount += 1
    } else if let sign = Self.vowelSigns[scalar] {
      text += sign
      vowelIsOpen = false
    } else if let other = Self.others[scalar] {
      closeVowel(into: &text)
      text += other
      letterCount += 1
    } else if !Self.silent.contains(scalar) {
      return false
    }
    return true
  }

  mutating func finish(into text: inout String) {
    // A word of one consonant keeps its vowel: "na", not "n".
    if vowelIsOpen && letterCount == 1 { text += "a" }
    vowelIsOpen = false
    letterCount = 0
  }

  private mutating func closeVowel(into text: inout String) {
    if vowelIsOpen { text += "a" }
    vowelIsOpen = false
  }

  private static let consonants: [Unicode.Scalar: String] = [
    "क": "k", "ख": "kh", "ग": "g", "घ": "gh", "ङ": "n", "च": "ch", "छ": "chh", "ज": "j", "झ": "jh",
    "ञ": "n", "ट": "t", "ठ": "th", "ड": "d", "ढ": "dh", "ण": "n", "त": "t", "थ": "th", "द": "d",
    "ध": "dh", "न": "n", "प": "p", "फ": "ph", "ब": "b", "भ": "bh", "म": "m", "य": "y", "र": "r",
    "ल": "l", "व": "v", "श": "sh", "ष": "sh", "स": "s", "ह": "h", "ळ": "l", "\u{958}": "q",
    "\u{959}": "kh", "\u{95A}": "gh", "\u{95B}": "z", "\u{95C}": "r", "\u{95D}": "rh",
    "\u{95E}": "f", "\u{95F}": "y",
  ]

  /// The virama among them: no vowel.
  private static let vowelSigns: [Unicode.Scalar: String] = [
    "\u{93E}": "a", "\u{93F}": "i", "\u{940}": "i", "\u{941}": "u", "\u{942}": "u", "\u{943}": "ri",
    "\u{945}": "e", "\u{947}": "e", "\u{948}": "ai", "\u{949}": "o", "\u{94B}": "o",
    "\u{94C}": "au", "\u{94D}": "",
  ]

  private static let others: [Unicode.Scalar: String] = [
    "अ": "a", "आ": "a", "इ": "i", "ई": "i", "उ": "u", "ऊ": "u", "ऋ": "ri", "ऍ": "e", "ए": "e",
    "ऐ": "ai", "ऑ": "o", "ओ": "o", "औ": "au", "\u{901}": "n", "\u{902}": "n", "\u{903}": "h",
    "०": "0", "१": "1", "२": "2", "३": "3", "४": "4", "५": "5", "६": "6", "७": "7", "८": "8",
    "९": "9",
  ]

  /// The nukta, and joiners after a virama: they change the look of a letter only.
  private static let silent: Set<Unicode.Scalar> = ["\u{93C}", "\u{200C}", "\u{200D}"]
}

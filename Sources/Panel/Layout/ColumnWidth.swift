/// How many columns a terminal gives to text, as wcwidth(3) of the GNU C library counts them; that
/// itself answers for the locale's character set only, and a service runs in the locale C.
enum ColumnWidth {
  static func columns(_ text: String) -> Int { text.reduce(0) { $0 + columns($1) } }

  static func columns(_ character: Character) -> Int {
    character.unicodeScalars.reduce(0) { $0 + columns($1) }
  }

  static func columns(_ scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0x300 { return 1 }
    // Vowels and finals of Hangul that is written in single letters: drawn into the first.
    if (0x1160...0x11FF).contains(scalar.value) || (0xD7B0...0xD7FF).contains(scalar.value) {
      return 0
    }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: return isWide(scalar.value) || isPicture(scalar) ? 2 : 1
    }
  }

  /// Two of the letters of flags make one flag, of two columns.
  private static func isPicture(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isEmojiPresentation && !(0x1F1E6...0x1F1FF).contains(scalar.value)
  }

  /// East Asian Width W and F (Unicode Standard Annex 11), in blocks; what is not assigned in
  /// them is never shown.
  private static func isWide(_ value: UInt32) -> Bool {
    switch value {
    case 0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x9FFF, 0xA000...0xA4CF,
      0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F,
      0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x1F200...0x1F265, 0x20000...0x3FFFD:
      true
    default: false
    }
  }
}

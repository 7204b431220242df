import Testing

@testable import Messages

@Suite struct SafeTextTests {
  @Test(
    "What steers, reorders, hides or has no look is replaced where it stands",
    arguments: [
      "\u{1B}", "\r", "\n", "\u{0}", "\u{7F}", "\u{9B}", "\u{85}", "\u{200B}", "\u{200E}",
      "\u{202A}", "\u{202E}", "\u{2066}", "\u{2069}", "\u{2028}", "\u{2029}", "\u{FEFF}",
      "\u{AD}", "\u{3164}", "\u{115F}", "\u{FFA0}", "\u{E000}", "\u{E0041}", "\u{378}",
      "\u{10FFFF}", "\u{FE0F}", "\u{61C}",
    ])
  func replaced(scalar: String) {
    #expect(SafeText.safe("a\(scalar)b") == "a\u{FFFD}b")
  }

  @Test(
    "Texts of our languages and plain signs stay as they are",
    arguments: ["KRW 1,500,000", "시험용 수취인", "क़ीमत ₹५००", "क्\u{200D}ष", "Łódź — €5", "日本", "A&B <c>"])
  func kept(text: String) { #expect(SafeText.safe(text) == text) }

  @Test("A joiner stays after a virama only")
  func joiners() { #expect(SafeText.safe("a\u{200D}b") == "a\u{FFFD}b") }

  @Test("Every space is the plain one")
  func spaces() { #expect(SafeText.safe("a\tb\u{A0}c\u{2003}d\u{3000}e") == "a b c d e") }

  @Test("Marks that pile up are cut")
  func marks() {
    let pile = "a" + String(repeating: "\u{301}", count: 20)
    let shown = SafeText.safe(pile).unicodeScalars
    #expect(shown.filter { $0 == "\u{301}" }.count == 6)
    #expect(shown.count == 21)
  }
}

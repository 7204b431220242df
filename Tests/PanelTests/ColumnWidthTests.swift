import Glibc
import Testing

@testable import Messages
@testable import Panel

@Suite struct ColumnWidthTests {
  @Test("Widths are those of wcwidth for all living scripts and signs")
  func reference() throws {
    let utf8 = try #require(newlocale(1 << LC_CTYPE, "C.UTF-8", nil))
    let old = uselocale(utf8)
    defer {
      uselocale(old)
      freelocale(utf8)
    }
    // The module map hides it: the header declares it for X/Open programs only.
    let symbol = try #require(dlsym(nil, "wcwidth"))
    let wcwidth = unsafeBitCast(symbol, to: (@convention(c) (wchar_t) -> Int32).self)
    var differences: [String] = []
    for value in [UInt32](0x20...0xFFFF) + [UInt32](0x1F000...0x2FFFF) {
      guard let scalar = Unicode.Scalar(value),
        SafeText.safe(String(Character(scalar))) == String(Character(scalar))
      else { continue }
      let expected = Int(wcwidth(wchar_t(value)))
      if expected >= 0 && expected != ColumnWidth.columns(scalar) {
        differences.append(String(value, radix: 16) + ":\(expected)")
      }
    }
    #expect(differences.isEmpty, "\(differences.prefix(20))")
  }

  @Test("Hangul is two columns a syllable; Devanagari's marks take no column of their own")
  func languages() {
    #expect(ColumnWidth.columns("시험용 수취인") == 13)
    #expect(ColumnWidth.columns("हिन्दी") == 5)
    #expect(ColumnWidth.columns("KRW 5") == 5)
  }
}

import Testing

@testable import Messages

@Suite struct LatinTextTests {
  @Test(
    "Hangul becomes its letters in the Revised Romanisation",
    arguments: [
      ("서울", "seoul"), ("시험용 수취인", "siheomyong suchwiin"), ("김철수", "gimcheolsu"),
      ("국민은행", "gukmineunhaeng"), ("가", "ga"), ("힣", "hit"),
    ])
  func hangul(text: String, latin: String) {
    #expect(LatinText.ascii(text) == latin)
  }

  @Test(
    "Devanagari becomes its Hunterian letters, without the last vowel of a word",
    arguments: [
      ("राम कुमार", "ram kumar"), ("दिल्ली", "dilli"), ("न", "na"), ("मुंबई", "munbai"),
      ("खाता १२३", "khata 123"), ("शर्मा।", "sharma."), ("ज़मीन", "jamin"),
    ])
  func devanagari(text: String, latin: String) { #expect(LatinText.ascii(text) == latin) }

  @Test("Signs of money keep their meaning")
  func money() {
    #expect(LatinText.ascii("₩1,500,000") == "KRW 1,500,000")
    #expect(LatinText.ascii("₹500") == "INR 500")
    #expect(LatinText.ascii("１２３") == "123")
  }

  @Test("Whatever comes in, printable ASCII comes out")
  func total() {
    var scalar: UInt32 = 0
    while scalar <= 0x10FFFF {
      if let value = Unicode.Scalar(scalar) {
        let text = LatinText.ascii(String(Character(value)))
        #expect(text.utf8.allSatisfy { (0x20...0x7E).contains($0) }, "U+\(scalar)")
      }
      scalar += scalar < 0x3000 ? 1 : 97
    }
  }
}

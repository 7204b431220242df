import SmartOTP
import Testing

@testable import Appliance
@testable import Messages

/// Every text of a catalogue with its place, found by reflection: a new member is tested unasked.
func everyText(_ value: Any, at place: String = "") -> [(place: String, text: String)] {
  if let text = value as? String { return [(place, text)] }
  if let seconds = value as? SecondsLeft {
    return [(place + ".1", seconds(1)), (place + ".60", seconds(60))]
  }
  return Mirror(reflecting: value).children.flatMap {
    everyText($0.value, at: place + "." + ($0.label ?? ""))
  }
}

extension Texts: CustomTestStringConvertible {
  public var testDescription: String { "\(language), \(screens.idle.detail)" }
}

@Suite struct CatalogTests {
  static let catalogs: [Texts] = Language.allCases.map { .full($0) } + [.short, .latin]

  @Test("Every language has every text, and none is empty", arguments: catalogs)
  func complete(texts: Texts) {
    let all = everyText(texts)
    #expect(all.count == 12 * 2 + 17 + 7 + 4 + 5 + 2)
    for (place, text) in all { #expect(!text.isEmpty, "\(texts.language) \(place)") }
  }

  @Test(
    "No text has a placeholder left over, or white space that shows nothing", arguments: catalogs)
  func printable(texts: Texts) {
    for (place, text) in everyText(texts) {
      for mark in ["%", "{", "}", "\\(", "$", "@", "\n", "\t", "  "] {
        #expect(!text.contains(mark), "\(texts.language) \(place): \(text)")
      }
      #expect(text.first != " " && text.last != " ", "\(texts.language) \(place): \(text)")
      #expect(SafeText.safe(text) == text, "\(texts.language) \(place): \(text)")
    }
  }

  @Test("Short texts fit 16 columns of ASCII")
  func short() {
    for (place, text) in everyText(Texts.short) {
      #expect(text.utf8.count <= 16, "\(place): \(text)")
      #expect(text.utf8.allSatisfy { (0x20...0x7D).contains($0) && $0 != 0x5C }, "\(place)")
    }
  }

  @Test("Korean is written in Hangul, Hindi in Devanagari")
  func scripts() {
    for (place, text) in everyText(Texts.full(.korean)) {
      #expect(text.unicodeScalars.contains { (0xAC00...0xD7A3).contains($0.value) }, "\(place)")
    }
    for (place, text) in everyText(Texts.full(.hindi)) {
      #expect(text.unicodeScalars.contains { (0x900...0x97F).contains($0.value) }, "\(place)")
    }
  }

  @Test("Different notices and restrictions are told apart in every language", arguments: catalogs)
  func distinct(texts: Texts) {
    let notices: [Notice] =
      CardTrouble.allCases.map { .card($0) } + CenterTrouble.allCases.map { .center($0) }
      + [.nothingPending, .timedOut, .cancelled, .closed, .readerLost]
    let sentences = notices.map { texts.sentence(for: $0) }
    #expect(Set(sentences).count == notices.count)
    #expect(Set(Restriction.allCases.map { texts.sentence(for: $0) }).count == 7)
    #expect(Set(TransactionKind.allCases.map { texts.name(of: $0) }).count == 4)
  }

  @Test("One second is singular in English")
  func seconds() {
    #expect(Texts.full(.english).secondsLeft(1) == "1 second left")
    #expect(Texts.full(.english).secondsLeft(0) == "0 seconds left")
    #expect(Texts.full(.english).secondsLeft(-3) == "0 seconds left")
    #expect(Texts.full(.korean).secondsLeft(42) == "42초 남았습니다")
    #expect(Texts.full(.hindi).secondsLeft(42) == "42 सेकंड शेष")
  }
}

import APDUScript
import SmartCard
import Testing

@Suite("Response patterns")
struct ResponsePatternTests {
  private static func response(_ text: String) throws -> ResponseAPDU {
    try ResponseAPDU(parsing: try #require(Hexadecimal.bytes(text)))
  }

  @Test(
    "A pattern takes the answers it describes",
    arguments: [
      ("9000", "9000"), ("90 00", "9000"), ("6a:82", "6A82"), ("?000", "9000"), ("....", "6985"),
      ("63C?", "63C2"), ("*9000", "9000"), ("*9000", "01029000"), ("7903*9000", "790305079000"),
      ("79..9000", "79AB9000"), ("*", "9000"), ("**9000", "9000"), ("*77*9000", "0177029000"),
      ("*77*77*9000", "77779000"), ("*9000*9000", "90009000"), ("*6???", "AA6100"),
      ("0?*?09000", "0110209000"), ("*0102*9000", "01010202019000"), ("61*", "6110"),
    ])
  func matches(pattern: String, response: String) throws {
    #expect(try ResponsePattern(parsing: pattern).matches(Self.response(response)))
  }

  @Test(
    "A pattern takes no other answer",
    arguments: [
      ("9000", "019000"), ("9000", "6982"), ("*9000", "900001"), ("79..9000", "799000"),
      ("79..9000", "7901029000"), ("7903*9000", "79039001"), ("*9000*9000", "9000"),
      ("*9000*9000", "009000"), ("*77*9000", "07719000"), ("*77*77*9000", "779000"),
      ("?000", "9001"), ("61*", "9000"), ("010203*0203", "01020304"),
    ])
  func refuses(pattern: String, response: String) throws {
    #expect(try !ResponsePattern(parsing: pattern).matches(Self.response(response)))
  }

  @Test(
    "What is no pattern is refused, and why",
    arguments: [
      ("", PatternError.empty), ("  ", .empty), ("9", .halfByte(digits: 1)),
      ("900", .halfByte(digits: 3)), ("7*9000", .halfByte(digits: 1)),
      ("*900", .halfByte(digits: 3)), ("90x0", .unexpectedCharacter("x")),
      ("９000", .unexpectedCharacter("?")), ("90\u{1B}", .unexpectedCharacter("?")),
      (String(repeating: "00", count: 65_539), .tooLong),
    ])
  func malformed(text: String, error: PatternError) {
    #expect(throws: error) { try ResponsePattern(parsing: text) }
  }

  @Test("A pattern is shown as it is understood")
  func description() throws {
    #expect(try ResponsePattern(parsing: "7 9 .. **a?:9000").description == "79??*A?9000")
  }

  @Test("Any two texts make a pattern and an answer, or an error")
  func total() throws {
    var generator = SystemRandomNumberGenerator()
    let alphabet = Array("09aF?.* :=>#xé")
    for _ in 0..<2000 {
      let text = String((0..<Int.random(in: 0...12)).map { _ in alphabet.randomElement() ?? "0" })
      let bytes = (0..<Int.random(in: 2...6)).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
      let response = try ResponseAPDU(parsing: bytes)
      guard let pattern = try? ResponsePattern(parsing: text) else { continue }
      _ = pattern.matches(response)
      #expect(try ResponsePattern(parsing: pattern.description) == pattern)
    }
  }
}

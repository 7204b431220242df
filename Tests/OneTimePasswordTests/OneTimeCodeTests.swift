import Testing

@testable import OneTimePassword

@Suite("One-time codes")
struct OneTimeCodeTests {
  @Test("A code keeps the last digits and pads with zeros")
  func padding() {
    #expect(OneTimeCode(number: 1_284_755_224, digitCount: 6).digitsText == "755224")
    #expect(OneTimeCode(number: 7_000_042, digitCount: 6).digitsText == "000042")
    #expect(OneTimeCode(number: 0x7FFF_FFFF, digitCount: 10).digitsText == "2147483647")
    #expect(OneTimeCode(number: 0, digitCount: 8).asciiDigits == Array("00000000".utf8))
  }

  @Test("A typed code equals the computed one")
  func typed() {
    let code = OneTimeCode(number: 42, digitCount: 6)
    #expect(OneTimeCode(asciiDigits: "000042".utf8) == code)
    #expect(OneTimeCode(asciiDigits: "000043".utf8) != code)
    #expect(OneTimeCode(asciiDigits: "0000042".utf8) != code, "another count of digits")
    #expect(OneTimeCode(asciiDigits: "9999999999".utf8)?.digitsText == "9999999999")
  }

  @Test(
    "Anything but 4 to 10 ASCII digits is no code",
    arguments: ["", "123", "12345678901", "12345a", "12 456", "-12345", "+12345", "１２３４５６"])
  func notACode(text: String) {
    #expect(OneTimeCode(asciiDigits: text.utf8) == nil)
  }

  @Test("No description or dump shows the digits")
  func redaction() throws {
    let code = OneTimeCode(number: 987_654, digitCount: 6)
    let truncated = try #require(TruncatedResponse([0, 0x0F, 0x12, 0x06]))
    let responses: [OCRA.Response] = [.code(code), .untruncated([0x98, 0x76, 0x54])]
    var texts = [
      "\(code)", String(reflecting: code), "\(truncated)", String(describing: Optional(code)),
    ]
    for response in responses {
      texts += ["\(response)", String(reflecting: response)]
    }
    for value: Any in [code, truncated, responses, [code]] {
      var dumped = ""
      dump(value, to: &dumped)
      texts.append(dumped)
    }
    for text in texts {
      #expect(!text.contains("987"))
      #expect(!text.contains("152, 118"))
      #expect(!text.contains("value:"))
      #expect(!text.contains("number:"))
    }
  }
}

import OTPCard
import Testing

@Suite("OATH name")
struct OATHNameTests {
  @Test("A name has 1 to 64 bytes")
  func lengths() {
    #expect(OATHName([]) == nil)
    #expect(OATHName([0x41])?.text == "A")
    #expect(OATHName([UInt8](repeating: 0x41, count: 64)) != nil)
    #expect(OATHName([UInt8](repeating: 0x41, count: 65)) == nil)
    #expect(OATHName(String(repeating: "비", count: 22)) == nil)
  }

  @Test("A number and a slash in front are the period, and no part of the label")
  func period() throws {
    for (text, period, label) in [
      ("60/bank:me", 60, "bank:me"), ("bank:me", 30, "bank:me"), ("30/me", 30, "me"),
      ("0/me", 30, "0/me"), ("00060/me", 60, "me"), ("/me", 30, "/me"), ("60/", 30, "60/"),
      ("6a/me", 30, "6a/me"), ("999999999/me", 999_999_999, "me"),
      ("9999999999/me", 30, "9999999999/me"), ("-5/me", 30, "-5/me"), ("60", 30, "60"),
    ] as [(String, UInt32, String)] {
      let name = try #require(OATHName(text))
      #expect(name.period == period, "\(text)")
      #expect(name.label == label, "\(text)")
    }
  }

  @Test("What stands before the first colon is the issuer")
  func issuer() {
    #expect(OATHName("bank:me")?.issuer == "bank")
    #expect(OATHName("60/bank:me:too")?.issuer == "bank")
    #expect(OATHName("me")?.issuer == nil)
    #expect(OATHName(":me")?.issuer == nil)
    #expect(OATHName("bank:")?.issuer == nil)
  }

  @Test("A name put together from parts comes apart again")
  func parts() {
    #expect(OATHName(issuer: "bank", account: "me")?.text == "bank:me")
    #expect(OATHName(issuer: nil, account: "me", period: 60)?.text == "60/me")
    #expect(OATHName(issuer: nil, account: "me", period: 60)?.period == 60)
    #expect(OATHName(issuer: nil, account: "me", period: 0) == nil)
    #expect(OATHName(issuer: "bank", account: "") == nil)
  }

  @Test("Bytes that are not UTF-8 are still a name")
  func notText() {
    #expect(OATHName([0xFF, 0xFE])?.text == "\u{FFFD}\u{FFFD}")
    #expect(OATHName([0xFF, 0xFE])?.bytes == [0xFF, 0xFE])
  }
}

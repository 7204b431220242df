import Cryptography
import Foundation
import Testing

@testable import PSKC

@Suite("Base64")
struct Base64Tests {
  @Test("RFC 4648's vectors hold, both ways")
  func vectors() {
    for (bytes, text) in [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
      ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ] {
      #expect(Base64.decode(text) == SecretBytes(bytes.utf8))
      #expect(Base64.encode(SecretBytes(bytes.utf8)) == SecretBytes(text.utf8))
    }
  }

  @Test("Foundation agrees on random bytes of every small size")
  func agreement() throws {
    for count in 0...130 {
      let bytes = try randomBytes(count: count)
      let text = Data(bytes).base64EncodedString()
      #expect(Base64.encode(SecretBytes(bytes)) == SecretBytes(text.utf8))
      #expect(Base64.decode(text) == SecretBytes(bytes))
    }
  }

  @Test("White space may stand anywhere")
  func whiteSpace() {
    #expect(Base64.decode(" Zm\n9v\tYg\r\n= =") == SecretBytes("foob".utf8))
  }

  @Test(
    "Anything else is refused",
    arguments: [
      "Z", "Zg", "Zg=", "Zg===", "====", "=", "Zg==Zg==", "Zm9=v", "Zm9v=", "Zm-v", "Zm_v", "Zh==",
      "Zm9=", "Z\u{E9}9v", "\0\0\0\0",
    ])
  func refused(text: String) {
    #expect(Base64.decode(text) == nil)
  }
}

@Suite("Dates")
struct DateTimeTests {
  @Test("Foundation agrees on random seconds of ten thousand years, both ways")
  func agreement() throws {
    var generator = SeededGenerator(state: 6030)
    let formatter = ISO8601DateFormatter()
    for _ in 0..<500 {
      let seconds = Int64.random(in: -12_219_292_800...253_402_300_799, using: &generator)
      let text = formatter.string(from: Date(timeIntervalSince1970: TimeInterval(seconds)))
      #expect(DateTime.text(seconds) == text)
      #expect(DateTime.seconds(text) == seconds)
    }
  }

  @Test("The first and the last second are written; those beyond are not")
  func range() {
    #expect(DateTime.text(-62_135_596_800) == "0001-01-01T00:00:00Z")
    #expect(DateTime.seconds("0001-01-01T00:00:00Z") == -62_135_596_800)
    #expect(DateTime.text(253_402_300_799) == "9999-12-31T23:59:59Z")
    for seconds in [-62_135_596_801, 253_402_300_800, Int64.min, .max] {
      #expect(DateTime.text(seconds) == nil)
    }
  }

  @Test("Offsets, fractions, no zone at all, and midnight at the end of a day are read")
  func forms() {
    let seconds: Int64 = 1_795_478_400
    for text in [
      "2026-11-24T00:00:00Z", "2026-11-24T00:00:00", "2026-11-24T00:00:00.999Z",
      "2026-11-24T09:00:00+09:00", "2026-11-23T19:00:00-05:00", "2026-11-23T24:00:00Z",
      "2026-11-24T00:00:00.5-00:00",
    ] {
      #expect(DateTime.seconds(text) == seconds, "\(text)")
    }
  }

  @Test(
    "What is not a date is refused",
    arguments: [
      "", "2026", "2026-11-24", "2026-11-24 00:00:00Z", "2026-13-01T00:00:00Z",
      "2026-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "2026-00-10T00:00:00Z",
      "2026-01-00T00:00:00Z",
      "2026-01-01T24:00:01Z", "2026-01-01T25:00:00Z", "2026-01-01T00:60:00Z",
      "2026-01-01T00:00:60Z",
      "0000-01-01T00:00:00Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00+9:00",
      "2026-01-01T00:00:00+15:00", "2026-01-01T00:00:00ZZ", "-2026-01-01T00:00:00Z",
      "12026-01-01T00:00:00Z", "2026-1-01T00:00:00Z", "\u{FF12}026-01-01T00:00:00Z",
    ])
  func refused(text: String) {
    #expect(DateTime.seconds(text) == nil)
  }
}

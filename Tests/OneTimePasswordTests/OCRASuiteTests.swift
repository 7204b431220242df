import TestMaterial
import Testing

@testable import OneTimePassword

@Suite("OCRA suites")
struct OCRASuiteTests {
  private func parse(_ text: String) throws(OCRAError) -> OCRASuite {
    try OCRASuite(Array(text.utf8))
  }

  @Test("A full suite is read field by field")
  func full() throws {
    let suite = try parse("OCRA-1:HOTP-SHA512-10:C-QH64-PSHA256-S512-T48H")
    #expect(suite.hash == .sha512)
    #expect(suite.digitCount == 10)
    #expect(suite.usesCounter)
    #expect(suite.question == .init(alphabet: .hexadecimal, maximumCount: 64))
    #expect(suite.pinHash == .sha256)
    #expect(suite.sessionByteCount == 512)
    #expect(suite.timeStep == 172_800)
  }

  @Test("Inputs without a qualifier get RFC 6287's defaults")
  func defaults() throws {
    let suite = try parse("OCRA-1:HOTP-SHA1-4:Q-P-S-T")
    #expect(!suite.usesCounter)
    #expect(suite.question == .init(alphabet: .numeric, maximumCount: 8))
    #expect(suite.pinHash == .sha1)
    #expect(suite.sessionByteCount == 64)
    #expect(suite.timeStep == 60)
  }

  @Test(
    "Every suite that RFC 6287 shows is accepted",
    arguments: [
      "OCRA-1:HOTP-SHA512-8:C-QN08-PSHA1", "OCRA-1:HOTP-SHA256-6:QA10-T1M",
      "OCRA-1:HOTP-SHA1-4:QH8-S512", "OCRA-1:HOTP-SHA1-6:QN08", "OCRA-1:HOTP-SHA256-8:QA08",
      "OCRA-1:HOTP-SHA512-8:QA10-T1M", "OCRA-1:HOTP-SHA1-0:QN04-T59S", "OCRA-1:HOTP-SHA1-6:Q-T1H",
    ])
  func accepted(text: String) throws {
    #expect(try parse(text).text == Array(text.utf8))
  }

  @Test(
    "A broken suite is refused where it breaks",
    arguments: [
      ("", 0), ("OCRA-2:HOTP-SHA1-6:QN08", 0), ("ocra-1:hotp-sha1-6:qn08", 0),
      ("OCRA-1:TOTP-SHA1-6:QN08", 0), ("OCRA-1:HOTP-SHA3-6:QN08", 12),
      ("OCRA-1:HOTP-SHA384-6:QN08", 12), ("OCRA-1:HOTP-SHA1-3:QN08", 17),
      ("OCRA-1:HOTP-SHA1-11:QN08", 17), ("OCRA-1:HOTP-SHA1-:QN08", 17),
      ("OCRA-1:HOTP-SHA1-6", 18), ("OCRA-1:HOTP-SHA1-6:", 19), ("OCRA-1:HOTP-SHA1-6:C", 19),
      ("OCRA-1:HOTP-SHA1-6:C-", 21), ("OCRA-1:HOTP-SHA1-6:QX08", 20),
      ("OCRA-1:HOTP-SHA1-6:QN", 21), ("OCRA-1:HOTP-SHA1-6:QN03", 21),
      ("OCRA-1:HOTP-SHA1-6:QN65", 21), ("OCRA-1:HOTP-SHA1-6:QN008", 21),
      ("OCRA-1:HOTP-SHA1-6:QN080", 23), ("OCRA-1:HOTP-SHA1-6:QN08-", 23),
      ("OCRA-1:HOTP-SHA1-6:QN08-PSHA3", 25), ("OCRA-1:HOTP-SHA1-6:QN08-S000", 25),
      ("OCRA-1:HOTP-SHA1-6:QN08-S513", 25), ("OCRA-1:HOTP-SHA1-6:QN08-S0064", 28),
      ("OCRA-1:HOTP-SHA1-6:QN08-T0M", 25), ("OCRA-1:HOTP-SHA1-6:QN08-T60S", 25),
      ("OCRA-1:HOTP-SHA1-6:QN08-T49H", 27), ("OCRA-1:HOTP-SHA1-6:QN08-T0H", 25),
      ("OCRA-1:HOTP-SHA1-6:QN08-T5D", 26), ("OCRA-1:HOTP-SHA1-6:QN08-T1M-PSHA1", 27),
      ("OCRA-1:HOTP-SHA1-6:QN08 ", 23),
    ])
  func refused(text: String, position: Int) {
    #expect(throws: OCRAError.malformedSuite(at: position)) { try parse(text) }
  }

  @Test("A suite longer than 64 bytes is refused unread")
  func tooLong() {
    let suite = "OCRA-1:HOTP-SHA1-6:QN08" + String(repeating: "-", count: 42)
    #expect(throws: OCRAError.malformedSuite(at: 64)) { try parse(suite) }
  }

  @Test("Whatever the bytes, parsing ends in a suite within its ranges or in an error within them")
  func fuzz() throws {
    let seeds = [
      "OCRA-1:HOTP-SHA512-10:C-QH64-PSHA256-S512-T48H", "OCRA-1:HOTP-SHA1-6:Q-P-S-T",
      "OCRA-1:HOTP-SHA256-8:QA10-T1M",
    ].map { Array($0.utf8) }
    let alphabet = Array("OCRA-1:HTPSQN0456789MHDX\0\u{FF}".utf8)
    var generator = SeededGenerator(state: 6287)
    var accepted = 0
    for _ in 0..<50_000 {
      var text = seeds.randomElement(using: &generator) ?? []
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        mutate(&text, alphabet: alphabet, using: &generator)
      }
      do throws(OCRAError) {
        let suite = try OCRASuite(text)
        accepted += 1
        #expect(suite.text == text)
        #expect(suite.digitCount == 0 || (4...10).contains(suite.digitCount))
        #expect((4...64).contains(suite.question.maximumCount))
        #expect((1...512).contains(suite.sessionByteCount ?? 1))
        #expect((1...48 * 3600).contains(suite.timeStep ?? 1))
      } catch {
        guard case .malformedSuite(let position) = error else {
          Issue.record("\(error) for \(text)")
          continue
        }
        #expect((0...text.count).contains(position))
      }
    }
    #expect(accepted > 500, "mutations should leave some suites valid")
  }

  private func mutate(
    _ text: inout [UInt8], alphabet: [UInt8], using generator: inout SeededGenerator
  ) {
    let byte = alphabet.randomElement(using: &generator) ?? 0
    let index = Int.random(in: 0...text.count, using: &generator)
    switch Int.random(in: 0..<3, using: &generator) {
    case 0: text.insert(byte, at: index)
    case 1 where index < text.count: text.remove(at: index)
    case 2 where index < text.count: text[index] = byte
    default: text.removeSubrange(index...)
    }
  }
}

import TestMaterial
import Testing

@testable import OneTimePassword

@Suite("OCRA messages")
struct OCRAMessageTests {
  private func message(_ suite: String, _ inputs: OCRAInputs) throws -> [UInt8] {
    let message = try OCRA(OCRASuite(Array(suite.utf8))).message(inputs)
    #expect(message.bytes.starts(with: Array(suite.utf8) + [0]))
    return Array(message.bytes.dropFirst(suite.utf8.count + 1))
  }

  private func question(_ text: String) -> OCRAQuestion { OCRAQuestion(Array(text.utf8)) }

  @Test("All inputs stand in order, each at its full size")
  func order() throws {
    let bytes = try message(
      "OCRA-1:HOTP-SHA512-8:C-QA08-PSHA256-S064-T30S",
      OCRAInputs(
        counter: 0x0102, question: question("AB"), pinDigest: [UInt8](repeating: 0xCC, count: 32),
        session: [0xDD, 0xEE], time: 95))
    #expect(bytes.count == 8 + 128 + 32 + 64 + 8)
    #expect(Array(bytes[..<8]) == [0, 0, 0, 0, 0, 0, 1, 2])
    #expect(Array(bytes[8..<11]) == [0x41, 0x42, 0])
    #expect(Array(bytes[136..<168]) == [UInt8](repeating: 0xCC, count: 32))
    #expect(Array(bytes[168..<232]) == [UInt8](repeating: 0, count: 62) + [0xDD, 0xEE])
    #expect(Array(bytes[232...]) == [0, 0, 0, 0, 0, 0, 0, 3])
  }

  @Test(
    "Questions are left-aligned hexadecimal",
    arguments: [
      ("QN08", "00000000", "00"), ("QN08", "00000010", "a0"), ("QN08", "99999999", "5f5e0ff0"),
      ("QN08", "4096", "1000"), ("QN20", "18446744073709551616", "100000000000000000"),
      ("QH08", "abcde", "abcde0"), ("QH08", "00aF", "00af"), ("QA08", "a1", "6131"),
      (
        "QN64", String(repeating: "9", count: 64),
        "184f03e93ff9f4daa797ed6e38ed64bf6a1f00ffffffffffffffff"
      ),
    ])
  func questions(format: String, text: String, expected: String) throws {
    let bytes = try message("OCRA-1:HOTP-SHA1-6:\(format)", OCRAInputs(question: question(text)))
    #expect(bytes.count == 128)
    let expected = hex(expected.count.isMultiple(of: 2) ? expected : expected + "0")
    #expect(bytes == expected + [UInt8](repeating: 0, count: 128 - expected.count))
  }

  @Test("The longest mutual questions fill the place exactly", arguments: ["A", "N", "H"])
  func longest(alphabet: String) throws {
    let part = [UInt8](repeating: 0x39, count: 64)
    let bytes = try message(
      "OCRA-1:HOTP-SHA1-6:Q\(alphabet)64", OCRAInputs(question: OCRAQuestion(part, then: part)))
    #expect(bytes.count == 128)
  }

  @Test(
    "Questions outside their format are refused",
    arguments: [
      ("QN08", ""), ("QN08", "123456789"), ("QN08", "1234567A"), ("QN08", "-1"),
      ("QH08", "0123456G"), ("QA08", "ABC-DEF"), ("QA08", "한"), ("QA04", "ABCDE"),
    ])
  func badQuestions(format: String, text: String) throws {
    let ocra = OCRA(try OCRASuite(Array("OCRA-1:HOTP-SHA1-6:\(format)".utf8)))
    #expect(throws: OCRAError.invalid(.question)) {
      try ocra.message(OCRAInputs(question: question(text)))
    }
    #expect(throws: OCRAError.invalid(.question)) {
      try ocra.message(OCRAInputs(question: OCRAQuestion([0x31], then: Array(text.utf8))))
    }
  }

  @Test("An input that the suite has must be given, and no other")
  func presence() throws {
    let full = OCRA(try OCRASuite(Array("OCRA-1:HOTP-SHA1-6:C-QN08-PSHA1-S001-T1H".utf8)))
    let bare = OCRA(try OCRASuite(Array("OCRA-1:HOTP-SHA1-6:QN08".utf8)))
    let complete = OCRAInputs(
      counter: 1, question: question("1"), pinDigest: [UInt8](repeating: 0, count: 20),
      session: [1], time: 3600)
    _ = try full.message(complete)
    let removals: [(OCRAError.Input, (inout OCRAInputs) -> Void)] = [
      (.counter, { $0.counter = nil }), (.pin, { $0.pinDigest = nil }),
      (.session, { $0.session = nil }), (.time, { $0.time = nil }),
    ]
    for (input, remove) in removals {
      var inputs = complete
      remove(&inputs)
      #expect(throws: OCRAError.missing(input)) { try full.message(inputs) }
    }
    var rest = complete
    for (input, remove) in removals {
      #expect(throws: OCRAError.unexpected(input)) { try bare.message(rest) }
      remove(&rest)
    }
    _ = try bare.message(rest)
  }

  @Test("Inputs of the wrong size or sign are refused")
  func invalidInputs() throws {
    let ocra = OCRA(try OCRASuite(Array("OCRA-1:HOTP-SHA1-6:QN08-PSHA1-S002-T1S".utf8)))
    let good = OCRAInputs(
      question: question("1"), pinDigest: [UInt8](repeating: 0, count: 20), session: [],
      time: .max)
    _ = try ocra.message(good)
    var inputs = good
    inputs.pinDigest = [UInt8](repeating: 0, count: 32)
    #expect(throws: OCRAError.invalid(.pin)) { try ocra.message(inputs) }
    inputs = good
    inputs.session = [1, 2, 3]
    #expect(throws: OCRAError.invalid(.session)) { try ocra.message(inputs) }
    inputs = good
    inputs.time = -1
    #expect(throws: OCRAError.invalid(.time)) { try ocra.message(inputs) }
  }
}

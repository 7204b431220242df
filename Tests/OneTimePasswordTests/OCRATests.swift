import Cryptography
import TestMaterial
import Testing

@testable import OneTimePassword

@Suite("OCRA")
struct OCRATests {
  /// A table of RFC 6287's appendix C: one suite and key, several inputs and their responses.
  struct Table: Sendable, CustomTestStringConvertible {
    var suite: String
    var keySize: Int
    var rows: [(inputs: OCRAInputs, response: String)]
    var testDescription: String { suite }
  }

  /// SHA-1 of the PIN "1234".
  private static let pinDigest = hex("7110eda4d09e062aa5e4a390b0a572ac0d2c0220")
  /// 25 March 2008, 12:06:30 UTC: 0x132D0B6 minutes.
  private static let time: Int64 = 1_206_446_790

  private static func question(_ text: String) -> OCRAQuestion {
    OCRAQuestion(Array(text.utf8))
  }

  private static func repeatedDigit(_ digit: Int) -> OCRAQuestion {
    question(String(repeating: "\(digit)", count: 8))
  }

  private static func rows(
    _ responses: [String], _ inputs: (Int) -> OCRAInputs
  ) -> [(inputs: OCRAInputs, response: String)] {
    responses.enumerated().map { (inputs($0.offset), $0.element) }
  }

  /// C.1.
  static let oneWay = [
    Table(
      suite: "OCRA-1:HOTP-SHA1-6:QN08", keySize: 20,
      rows: rows([
        "237653", "243178", "653583", "740991", "608993", "388898", "816933", "224598", "750600",
        "294470",
      ]) { OCRAInputs(question: repeatedDigit($0)) }),
    Table(
      suite: "OCRA-1:HOTP-SHA256-8:C-QN08-PSHA1", keySize: 32,
      rows: rows([
        "65347737", "86775851", "78192410", "71565254", "10104329", "65983500", "70069104",
        "91771096", "75011558", "08522129",
      ]) {
        OCRAInputs(counter: UInt64($0), question: question("12345678"), pinDigest: pinDigest)
      }),
    Table(
      suite: "OCRA-1:HOTP-SHA256-8:QN08-PSHA1", keySize: 32,
      rows: rows(["83238735", "01501458", "17957585", "86776967", "86807031"]) {
        OCRAInputs(question: repeatedDigit($0), pinDigest: pinDigest)
      }),
    Table(
      suite: "OCRA-1:HOTP-SHA512-8:C-QN08", keySize: 64,
      rows: rows([
        "07016083", "63947962", "70123924", "25341727", "33203315", "34205738", "44343969",
        "51946085", "20403879", "31409299",
      ]) { OCRAInputs(counter: UInt64($0), question: repeatedDigit($0)) }),
    Table(
      suite: "OCRA-1:HOTP-SHA512-8:QN08-T1M", keySize: 64,
      rows: rows(["95209754", "55907591", "22048402", "24218844", "36209546"]) {
        OCRAInputs(question: repeatedDigit($0), time: time)
      }),
  ]

  /// C.2: the server's responses put the client's question first, the client's the server's.
  static let mutual = [
    Table(
      suite: "OCRA-1:HOTP-SHA256-8:QA08", keySize: 32,
      rows: rows(["28247970", "01984843", "65387857", "03351211", "83412541"]) {
        OCRAInputs(question: mutualQuestion("CLI2222\($0)", "SRV1111\($0)"))
      }),
    Table(
      suite: "OCRA-1:HOTP-SHA256-8:QA08", keySize: 32,
      rows: rows(["15510767", "90175646", "33777207", "95285278", "28934924"]) {
        OCRAInputs(question: mutualQuestion("SRV1111\($0)", "CLI2222\($0)"))
      }),
    Table(
      suite: "OCRA-1:HOTP-SHA512-8:QA08", keySize: 64,
      rows: rows(["79496648", "76831980", "12250499", "90856481", "12761449"]) {
        OCRAInputs(question: mutualQuestion("CLI2222\($0)", "SRV1111\($0)"))
      }),
    Table(
      suite: "OCRA-1:HOTP-SHA512-8:QA08-PSHA1", keySize: 64,
      rows: rows(["18806276", "70020315", "01600026", "18951020", "32528969"]) {
        OCRAInputs(
          question: mutualQuestion("SRV1111\($0)", "CLI2222\($0)"), pinDigest: pinDigest)
      }),
  ]

  private static func mutualQuestion(_ first: String, _ second: String) -> OCRAQuestion {
    OCRAQuestion(Array(first.utf8), then: Array(second.utf8))
  }

  /// C.3.
  static let signatures = [
    Table(
      suite: "OCRA-1:HOTP-SHA256-8:QA08", keySize: 32,
      rows: rows(["53095496", "04110475", "31331128", "76028668", "46554205"]) {
        OCRAInputs(question: question("SIG1\($0)000"))
      }),
    Table(
      suite: "OCRA-1:HOTP-SHA512-8:QA10-T1M", keySize: 64,
      rows: rows(["77537423", "31970405", "10235557", "95213541", "65360607"]) {
        OCRAInputs(question: question("SIG1\($0)00000"), time: time)
      }),
  ]

  @Test("RFC 6287's vectors hold", arguments: oneWay + mutual + signatures)
  func appendixC(table: Table) throws {
    let ocra = OCRA(try OCRASuite(Array(table.suite.utf8)))
    let hmac = hmacFunction(key: digitsKey(count: table.keySize))
    for row in table.rows {
      let response = try ocra.response(to: ocra.message(row.inputs), hmac: hmac)
      let expected = try #require(OneTimeCode(asciiDigits: row.response.utf8))
      #expect(response == .code(expected))
    }
  }

  @Test("No truncation gives the whole HMAC")
  func untruncated() throws {
    let ocra = OCRA(try OCRASuite(Array("OCRA-1:HOTP-SHA1-0:QN08".utf8)))
    let message = try ocra.message(OCRAInputs(question: Self.repeatedDigit(0)))
    let hmac = hmacFunction(key: digitsKey(count: 20))
    let expected = try hmac(.sha1, message.bytes)
    #expect(try ocra.response(to: message, hmac: hmac) == .untruncated(expected))
    #expect(try ocra.response(to: message, hmac: hmac) != .untruncated(expected.dropLast() + [0]))
    #expect(try ocra.response(to: message, hmac: hmac) != .untruncated([]))
  }
}

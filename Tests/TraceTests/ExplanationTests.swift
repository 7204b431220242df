import SmartCard
import TestMaterial
import Testing

@testable import Trace

@Suite("APDUs in words")
struct ExplanationTests {
  private func command(_ text: String, _ dialect: Dialect) -> CommandExplanation {
    let bytes = hex(text)
    return CommandExplanation(
      try? CommandAPDU(parsing: bytes), bytes: .shown(bytes), dialect: dialect)
  }

  private func response(
    _ text: String, _ dialect: Dialect, to instruction: UInt8? = nil, selection: Bool = false
  ) -> ResponseExplanation {
    let bytes = hex(text)
    return ResponseExplanation(
      try? ResponseAPDU(parsing: bytes), bytes: .shown(bytes), dialect: dialect,
      instruction: instruction, toSelection: selection)
  }

  @Test(
    "Commands outside OATH have the names and parameters of ISO/IEC 7816-4",
    arguments: [
      ("00a4040007a0000005272101", "SELECT: application A0000005272101, OATH"),
      ("00a4040005a000000308", "SELECT: application A000000308, PIV"),
      ("00a404000ad2760000850101000000", "SELECT: application D2760000850101000000, NDEF"),
      ("00a4040006112233445566", "SELECT: application 112233445566"),
      ("00a40400", "SELECT: the default application"),
      ("00a40000023f00", "SELECT: file 3F00"),
      ("00a40000", "SELECT: the root"),
      ("00a4080004aabbccdd00", "SELECT: path AABBCCDD, up to 256 bytes wanted"),
      ("00a40701023f00", "SELECT: P1 07 P2 01 3F00"),
      ("00b0010210", "READ BINARY: at offset 258, up to 16 bytes wanted"),
      ("00b0820510", "READ BINARY: file 2, at offset 5, up to 16 bytes wanted"),
      ("00b2031400", "READ RECORD: record 3 of file 2, up to 256 bytes wanted"),
      ("00ca9f1700", "GET DATA: object 9F17, up to 256 bytes wanted"),
      ("0020008104 31323334", "VERIFY: secret 1"),
      ("00c0000010", "GET RESPONSE: up to 16 bytes wanted"),
      ("00a10000", "SEARCH BINARY"),
      ("00ff0102", "instruction FF: P1 01 P2 02"),
      ("1020000001 31", "VERIFY: more to follow, secret 0"),
      ("01a4040007a0000005272101", "SELECT: channel 1, application A0000005272101, OATH"),
      ("0c84000008", "GET CHALLENGE: secure messaging, up to 8 bytes wanted"),
      ("62700000", "MANAGE CHANNEL: channel 6, secure messaging"),
      ("00a4", "no command APDU: 2 bytes whose lengths do not fit"),
      ("00a4040099", "SELECT: the default application, up to 153 bytes wanted"),
      ("00a404009900", "no command APDU: 6 bytes whose lengths do not fit"),
    ])
  func iso7816(apdu: String, expected: String) {
    #expect(command(apdu, .iso7816).head == expected)
  }

  @Test(
    "In the OATH application instructions and data objects have its names",
    arguments: [
      (
        "0001000015 710161 7308 2106aabbccddeeff 7802 7a0400000007",
        "PUT; 71 name \"a\"; 73 key TOTP, SHA-1, 6 digits; 78 property wants a touch; "
          + "7a initial moving factor 7"
      ),
      ("0002000003 710161", "DELETE; 71 name \"a\""),
      ("0003000002 7300", "SET CODE; 73 key"),
      ("0004dead", "RESET"),
      ("00a10000", "LIST"),
      (
        "00a200010d 710161 7408 0102030405060708",
        "CALCULATE: truncated; 71 name \"a\"; 74 challenge 0102030405060708"
      ),
      ("00a2000005 710161 7400", "CALCULATE: whole response; 71 name \"a\"; 74 challenge"),
      (
        "00a3000008 7500 740401020304",
        "VALIDATE; 75 response; 74 challenge 01020304"
      ),
      (
        "00a400010a 7408 0102030405060708",
        "CALCULATE ALL: truncated; 74 challenge 0102030405060708"
      ),
      ("00a50000", "SEND REMAINING"),
      ("00a4040007a0000005272101", "SELECT: application A0000005272101, OATH"),
      ("0001000003 7101ff", "PUT; 71 name FF"),
      ("0001000004 71021b5b", "PUT; 71 name 1B5B"),
      ("0001000005 7103e280ae", "PUT; 71 name E280AE"),
      ("00b0000000", "READ BINARY: at offset 0, up to 256 bytes wanted"),
      ("00030001", "SET CODE: P1 00 P2 01"),
    ])
  func oath(apdu: String, expected: String) {
    let explanation = command(apdu, .oath)
    #expect(
      ([explanation.head] + explanation.fields.map(\.line)).joined(separator: "; ") == expected)
  }

  @Test("A proprietary class hides what its instructions mean")
  func foreign() {
    let explanation = command("80f2400002 4f00", .foreign)
    #expect(explanation.head == "instruction F2: class 80, P1 40 P2 00")
    #expect(explanation.fields.isEmpty)
    #expect(explanation.unexplained == hex("4f00"))
  }

  @Test("Data that are no data objects are left over, from the first that is not whole")
  func leftOver() {
    #expect(
      command("0001000006 710161 7309 21", .oath).fields.count == 1)
    #expect(command("0001000006 710161 730921", .oath).unexplained == hex("730921"))
    #expect(command("0001000003 9f0101", .oath).unexplained == hex("9f0101"))
    #expect(command("0020000004 31323334", .iso7816).unexplained == hex("31323334"))
  }

  @Test(
    "Status words say what they mean, with their numbers",
    arguments: [
      ("9000", "9000 success"), ("6110", "6110 16 bytes more to fetch"),
      ("6100", "6100 256 or more bytes more to fetch"),
      ("6c20", "6C20 wrong expected length, 32 is right"),
      ("63c2", "63C2 wrong secret, tries left: 2"),
      ("63c0", "63C0 wrong secret, no tries left"),
      ("6a82", "6A82 file or application not found"),
      ("6982", "6982 security status not satisfied, authenticate first"),
      ("90", "no response APDU, 1 byte"), ("", "no response APDU, 0 bytes"),
    ])
  func statusWords(apdu: String, expected: String) {
    #expect(response(apdu, .iso7816).head == expected)
  }

  @Test(
    "OATH gives some status words a meaning of their own",
    arguments: [
      (UInt8(0xA2), "6984", "6984 no such credential"), (0x02, "6984", "6984 no such credential"),
      (0xA3, "6a80", "6A80 refused: another access key, or none is set"),
      (0xA1, "6982", "6982 locked, VALIDATE comes first"),
      (0x01, "6a84", "6A84 no room for another credential"),
      (0x01, "6a80", "6A80 incorrect parameters in the command data"),
    ])
  func oathStatusWords(instruction: UInt8, apdu: String, expected: String) {
    #expect(response(apdu, .oath, to: instruction).head == expected)
  }

  @Test("What a card says when its OATH application is selected is told by name")
  func selection() {
    let answer = response(
      "7903050403 71086161616161616161 7408a1a2a3a4a5a6a7a8 7b0102 9000", .oath, to: 0xA4,
      selection: true)
    #expect(
      answer.fields.map(\.line) == [
        "79 version 5.4.3", "71 card id 6161616161616161", "74 challenge A1A2A3A4A5A6A7A8",
        "7b algorithm SHA-256",
      ])
    #expect(answer.dataCount == 28)
  }

  @Test("Codes, markers and lists are told by name")
  func answers() {
    #expect(
      response("710161 7605 0601020304 710162 7700 710163 7c00 9000", .oath, to: 0xA4).fields.map(
        \.line)
        == [
          "71 name \"a\"", "76 truncated response 0601020304", "71 name \"b\"",
          "77 counter-based, no code made", "71 name \"c\"", "7c wants a touch, no code made",
        ])
    #expect(
      response("7202 1161 7203 2362ff 7201 41 7200 9000", .oath, to: 0xA1).fields.map(\.line)
        == [
          "72 credential \"a\", HOTP, SHA-1", "72 credential 62FF, TOTP, SHA-512",
          "72 credential type 4, SHA-1", "72 credential",
        ])
  }

  @Test("Data objects of other applications are told by name, one level inside the other")
  func berTLV() {
    let answer = response(
      "6f1b 840e325041592e5359532e4444463031 a509 500456495341 870101 9000", .iso7816, to: 0xA4,
      selection: true)
    #expect(
      answer.fields.map(\.line) == [
        "6f file control information", ".84 DF name 325041592E5359532E4444463031",
        ".a5 proprietary information", "..50 application label \"VISA\"", "..87 priority 01",
      ])
    #expect(response("31323334 9000", .iso7816).fields.isEmpty)
    #expect(response("31323334 9000", .iso7816).unexplained == hex("31323334"))
  }

  @Test("However deep a card nests its objects, they are told up to a depth")
  func nesting() {
    var object: [UInt8] = []
    for _ in 0..<60 { object = [0xA5, UInt8(object.count)] + object }
    let answer = response(hex(object + [0x90, 0x00]), .iso7816)
    #expect(answer.fields.map(\.depth) == Array(0...8))
  }
}

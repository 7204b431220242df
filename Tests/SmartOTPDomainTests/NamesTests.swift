import Foundation
import SmartOTP
import Testing

@Suite("Names")
struct NamesTests {
  @Test("Codes and serial numbers at the ends of their rules are taken")
  func accepted() throws {
    #expect(try InstitutionCode("004").text == "004")
    #expect(try VendorCode("ABCDEFGH").text == "ABCDEFGH")
    #expect(try Serial("A-12").text == "A-12")
    #expect(try Serial(String(repeating: "9", count: 32)).text.count == 32)
  }

  @Test(
    "Codes outside their rules are refused with the rule",
    arguments: ["", "abc", "ABCDEFGHI", "K-1", "K 1", "Ｋ１", "K\u{0}"])
  func refusedVendorCode(text: String) {
    #expect(throws: InvalidText(rule: VendorCode.rule)) { try VendorCode(text) }
  }

  @Test(
    "Serial numbers outside their rule are refused", arguments: ["123", "abcd", "12_45", "1234:"])
  func refusedSerial(text: String) {
    #expect(throws: InvalidText(rule: Serial.rule)) { try Serial(text) }
  }

  @Test("A card's name reads back as it was written")
  func cardIdentity() throws {
    let card = try CardIdentity("K01:12345678")
    #expect(card.vendorCode.text == "K01")
    #expect(card.serial.text == "12345678")
    #expect(card.description == "K01:12345678")
    #expect(card.credentialName == "smartotp:K01:12345678")
  }

  @Test(
    "What is not VENDOR:SERIAL names no card",
    arguments: ["", "K01", "K01:1234:5", ":1234", "K01:"])
  func notACard(text: String) {
    #expect(throws: InvalidText.self) { try CardIdentity(text) }
  }

  @Test("A value that breaks its rule is refused while decoding, without being repeated")
  func decoding() throws {
    let json = Data(#"{"vendorCode":"secret!","serial":"12345678"}"#.utf8)
    let error = #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(CardIdentity.self, from: json)
    }
    #expect(!String(describing: error).contains("secret!"))
  }

  @Test("Drawn ids have their prefix, differ, and read back")
  func identifiers() throws {
    let first = try DeviceID.random()
    let second = try DeviceID.random()
    #expect(first != second)
    #expect(first.text.hasPrefix("dev-") && first.text.count == 20)
    #expect(try DeviceID(first.text) == first)
    #expect(throws: InvalidText.self) { try ApplicationID(first.text) }
    #expect(throws: InvalidText.self) { try DeviceID("dev-0000000000000000U") }
    #expect(throws: InvalidText.self) { try DeviceID("dev-000000000000000U") }
  }

  @Test("Crockford's base32 is that of an independent computation")
  func base32() {
    // Python: int.from_bytes(bytes(range(10))).to_base(32) in Crockford's alphabet.
    #expect(CrockfordBase32.text(of: Array(0..<10)) == "000G40R40M30E209")
    #expect(CrockfordBase32.text(of: [0xFF]) == "ZW")
    #expect(CrockfordBase32.text(of: []) == "")
  }
}

@Suite("Registration codes")
struct RegistrationCodeTests {
  @Test("Two groups of five, which differ from one to the next")
  func drawn() throws {
    let code = try RegistrationCode.random()
    #expect(code.grouped.count == 11)
    #expect(code.grouped.dropFirst(5).first == "-")
    #expect(try RegistrationCode(typed: code.grouped).characters == code.characters)
    #expect(try RegistrationCode.random().characters != code.characters)
  }

  @Test("Case, spaces, hyphens and look-alike letters do not matter")
  func typed() throws {
    #expect(try RegistrationCode(typed: "oil1k j0v5n").characters == "0111KJ0V5N")
  }

  @Test(
    "Other text is refused", arguments: ["", "7ZK3Q", "7ZK3Q-J0V5U", "7ZK3Q-J0V5N0", "7ZK3Q-J0V5é"])
  func refused(text: String) {
    #expect(throws: InvalidText.self) { try RegistrationCode(typed: text) }
  }

  @Test("No description or dump shows one")
  func hidden() throws {
    let code = try RegistrationCode(typed: "7ZK3Q-J0V5N")
    var dumped = ""
    dump(code, to: &dumped)
    #expect(!"\(code) \(dumped) \(String(reflecting: code))".contains("7ZK3Q"))
  }
}

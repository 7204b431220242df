import Testing

@testable import OTPCard

@Suite("Smart OTP credential")
struct SmartOTPCredentialTests {
  @Test("Vendor code and serial make the name and come back from it")
  func name() throws {
    let credential = try SmartOTPCredential(vendorCode: "K01", serial: "12345678")
    #expect(credential.name.text == "smartotp:K01:12345678")
    #expect(try SmartOTPCredential(credential.name) == credential)
    #expect(credential.credential.algorithmByte == 0x22)
    let longest = try SmartOTPCredential(
      vendorCode: "ABCDEFGH", serial: String(repeating: "A-9Z", count: 8))
    #expect(longest.name.bytes.count == 50)
  }

  @Test(
    "A vendor code is 1 to 8 of A-Z and 0-9",
    arguments: ["", "ABCDEFGHI", "k01", "K-1", "K:1", "K 1", "Ｋ"])
  func vendorCode(text: String) {
    #expect(throws: SmartOTPCredentialError.vendorCode) {
      try SmartOTPCredential(vendorCode: text, serial: "12345678")
    }
  }

  @Test(
    "A serial is 4 to 32 of A-Z, 0-9 and hyphen",
    arguments: ["", "123", String(repeating: "1", count: 33), "1234a", "12:34", "12 34", "１２３４"])
  func serial(text: String) {
    #expect(throws: SmartOTPCredentialError.serial) {
      try SmartOTPCredential(vendorCode: "K01", serial: text)
    }
  }

  @Test(
    "Names of another make are told apart",
    arguments: [
      "bank:me", "smartotp:K01", "smartotp:K01:1234:5", "Smartotp:K01:1234", "30/smartotp:K01:1234",
    ])
  func otherNames(text: String) throws {
    let name = try Fixtures.name(text)
    #expect(throws: SmartOTPCredentialError.name) { try SmartOTPCredential(name) }
  }

  @Test("Only the right kind and hash make a credential a Smart OTP")
  func list() throws {
    let right = try Fixtures.totp("smartotp:K01:12345678", .sha256)
    let wrongHash = try Fixtures.totp("smartotp:K02:12345678", .sha1)
    let wrongKind = try Fixtures.hotp("smartotp:K03:12345678")
    let other = try Fixtures.totp("bank:me", .sha256)
    #expect([other, wrongHash, right, wrongKind].smartOTPs.map(\.vendorCode) == ["K01"])
  }
}

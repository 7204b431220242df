import OneTimePassword
import Simulation
import SmartCard
import Testing

@testable import OTPCard

@Suite("A plain code where a person chooses nothing")
struct PlainCodeTests {
  private func credentials(_ names: String...) throws -> [OTPCard.OATHCredential] {
    try names.map { try Fixtures.totp($0) }
  }

  @Test("The first name that the card has wins; an issuer stands for its only credential")
  func preference() throws {
    let all = try credentials("shop:me", "60/Bank:me", "alone")
    #expect(all.plain(ofFirst: ["nobody", "Bank", "shop"])?.name.text == "60/Bank:me")
    #expect(all.plain(ofFirst: ["alone", "Bank"])?.name.text == "alone")
    #expect(all.plain(ofFirst: ["Bank:me"])?.name.text == "60/Bank:me")
    #expect(all.plain(ofFirst: ["shop:me"])?.name.text == "shop:me")
  }

  @Test("An issuer of several credentials stands for none, and the next name is tried")
  func severalOfOneIssuer() throws {
    let all = try credentials("Bank:me", "Bank:you", "shop:me")
    #expect(all.plain(ofFirst: ["Bank"]) == nil)
    #expect(all.plain(ofFirst: ["Bank", "shop"])?.name.text == "shop:me")
    #expect(all.plain(ofFirst: ["Bank:you"])?.name.text == "Bank:you")
  }

  @Test("A Smart OTP credential is never used, nor a HOTP one")
  func unusable() throws {
    let hotp = OTPCard.OATHCredential(
      name: try #require(OATHName("Bank:me")), kind: .hotp, hash: .sha1)
    let all = try credentials("smartotp:K01:12345678") + [hotp]
    for name in ["smartotp", "smartotp:K01:12345678", "Bank", "Bank:me", ""] {
      #expect(all.plain(ofFirst: [name]) == nil)
    }
  }

  @Test("The code is the one of RFC 6238 at the time given", arguments: OATHProfile.all)
  func code(profile: OATHProfile) async throws {
    let card = Simulation.OATHCard(
      profile: profile,
      credentials: [
        .smartOTP(vendor: "K01", serial: "12345678", key: Fixtures.smartOTPKey),
        Simulation.OATHCredential(name: "Bank:me", key: Array("12345678901234567890".utf8)),
      ],
      accessKey: Fixtures.accessKeyBytes)
    let client = OTPCard.OATHCard(
      try VirtualCardChannel(card), access: .required(try Fixtures.accessKey))
    let code = try await client.plainCode(
      ofFirst: ["Bank"], at: 1_111_111_109, deadline: .farAway)
    // RFC 6238, appendix B, the last six of 07081804.
    #expect(code.code.digitsText == "081804")
    #expect(code.validUntil == 1_111_111_110)
    await #expect(throws: OATHError.noSuchCredential) {
      try await client.plainCode(ofFirst: ["shop"], at: 59, deadline: .farAway)
    }
  }
}

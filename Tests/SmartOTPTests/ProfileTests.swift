import Simulation
import Testing

extension SmartOTPTests {
  /// The differences between OATH applications that the protocol document lists must not show.
  @Suite("Every OATH application", .serialized)
  struct ProfileTests {
    /// RFC 4226, appendix D.
    private static let hotp = ["755224", "287082", "359152", "969429", "338314"]

    private func field(_ profile: OATHProfile, locked: Bool) throws -> Field {
      try Field(
        Cards.card(
          OATHCredential(name: "totp", key: Cards.key),
          OATHCredential(name: "hotp", kind: .hotp, key: Cards.key), Cards.smartOTP,
          profile: profile, locked: locked))
    }

    @Test("lists its credentials", arguments: OATHProfile.all, [false, true])
    func list(profile: OATHProfile, locked: Bool) async throws {
      let field = try field(profile, locked: locked)
      let version = profile.version.map { "\($0)" }.joined(separator: ".")
      expect(
        try await field.run("card", "--access-key", Cards.accessKeyText),
        output: """
          OATH \(version)
          card id C1675E0BB980A575
          \(locked ? "locked with an access key" : "not locked")
          credentials: 3
            totp  TOTP, SHA1, 30 s
            hotp  HOTP, SHA1
            smartotp:K01:12345678  TOTP, SHA256, 30 s

          """)
    }

    @Test("makes TOTP codes", arguments: OATHProfile.all, [false, true])
    func totp(profile: OATHProfile, locked: Bool) async throws {
      let field = try field(profile, locked: locked)
      let key = ["--access-key", Cards.accessKeyText, "--at", "59"]
      expect(try await field.start(["code", "totp"] + key).end(), output: "287082\n")
      expect(
        try await field.start(["code", "--all"] + key).end(),
        output: """
          287082  totp
          484092  smartotp:K01:12345678

          """)
    }

    @Test("makes HOTP codes, each once", arguments: OATHProfile.all, [false, true])
    func hotp(profile: OATHProfile, locked: Bool) async throws {
      let field = try field(profile, locked: locked)
      for code in Self.hotp.dropFirst(profile.startsAtMovingFactor ? 0 : 1).prefix(3) {
        expect(
          try await field.run("code", "hotp", "--access-key", Cards.accessKeyText),
          output: "\(code)\n")
      }
    }

    @Test("makes the transaction code of the vectors", arguments: OATHProfile.all, [false, true])
    func transaction(profile: OATHProfile, locked: Bool) async throws {
      let field = try field(profile, locked: locked)
      expect(
        try await field.run(
          "code", "smartotp:K01:12345678", "--challenge", "79A43E1F1A02C642", "--access-key",
          Cards.accessKeyText),
        output: "570924\n")
    }
  }
}

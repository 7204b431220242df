import Simulation
import Testing

extension SmartOTPTests {
  @Suite("smartotp card")
  struct CardTests {
    @Test("Version, id, lock and credentials are shown")
    func text() async throws {
      let field = try Field(Cards.people)
      expect(
        try await field.run("card"),
        output: """
          OATH 5.7.1
          card id C1675E0BB980A575
          not locked
          credentials: 4
            GitHub:alice  TOTP, SHA1, 30 s
            GitHub:bob  TOTP, SHA1, 30 s
            Bank:alice  HOTP, SHA1
            Slow:carol  TOTP, SHA1, 60 s

          """)
    }

    @Test("JSON has the same")
    func json() async throws {
      let field = try Field(
        Cards.card(
          OATHCredential(name: "a", algorithm: .sha512, key: Cards.key),
          OATHCredential(name: "b", kind: .hotp, algorithm: .sha256, key: Cards.key)))
      expect(
        try await field.run("card", "--json"),
        output: #"{"credentials":["#
          + #"{"algorithm":"SHA512","name":"a","period":30,"type":"TOTP"},"#
          + #"{"algorithm":"SHA256","name":"b","type":"HOTP"}],"#
          + #""id":"C1675E0BB980A575","locked":false,"version":"5.7.1"}"# + "\n")
    }

    @Test("A locked card shows what it has to whoever has its key")
    func locked() async throws {
      let field = try Field(Cards.card(Cards.smartOTP, locked: true))
      expect(
        try await field.run("card"),
        output: """
          OATH 5.7.1
          card id C1675E0BB980A575
          locked with an access key
          credentials: give --access-key to see them

          """)
      expect(
        try await field.run("card", "--json"),
        output: #"{"id":"C1675E0BB980A575","locked":true,"version":"5.7.1"}"# + "\n")
      expect(
        try await field.run("card", "--access-key", Cards.accessKeyText),
        output: """
          OATH 5.7.1
          card id C1675E0BB980A575
          locked with an access key
          credentials: 1
            smartotp:K01:12345678  TOTP, SHA256, 30 s

          """)
    }

    @Test("A card with more than one answer holds is listed whole", arguments: OATHProfile.all)
    func many(profile: OATHProfile) async throws {
      let credentials = (10..<50).map { OATHCredential(name: "issuer:user-\($0)", key: Cards.key) }
      let field = try Field(OATHCard(profile: profile, credentials: credentials))
      let outcome = try await field.run("card")
      #expect(
        outcome.output.split(separator: "\n").dropFirst(4).map(String.init)
          == (10..<50).map { "  issuer:user-\($0)  TOTP, SHA1, 30 s" })
      expect(outcome, output: outcome.output)
    }
  }
}

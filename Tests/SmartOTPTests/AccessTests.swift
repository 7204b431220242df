import Simulation
import Testing

extension SmartOTPTests {
  @Suite("Locked cards and transaction codes")
  struct AccessTests {
    private static let locked = "the card is locked with an access key; give its key or password"
    private static let wrong =
      "the card does not accept the access key; it was set elsewhere, register the card again"
    private static let challenge = "79A43E1F1A02C642"

    private func field() throws -> Field {
      try Field(
        Cards.card(OATHCredential(name: "a", key: Cards.key), Cards.smartOTP, locked: true))
    }

    @Test("A locked card makes no code without its key")
    func noKey() async throws {
      let field = try field()
      for arguments in [["code", "a"], ["code", "--all"], ["code", "smartotp:K01:12345678"]] {
        expect(try await field.start(arguments).end(), failure: Self.locked, status: 77)
      }
    }

    @Test("A key is taken as an option, from a file, or from the environment")
    func key() async throws {
      let field = try field()
      let file = try TemporaryFile("\(Cards.accessKeyText)\n")
      let code = ["code", "a", "--at", "59"]
      for arguments in [[Cards.accessKeyText], ["@\(file.path)"]] {
        expect(
          try await field.start(code + ["--access-key"] + arguments).end(), output: "287082\n")
      }
      expect(
        try await field.start(code, environment: ["SMARTOTP_ACCESS_KEY=\(Cards.accessKeyText)"])
          .end(), output: "287082\n")
    }

    @Test("A password is stretched to the key with the card's id")
    func password() async throws {
      // PBKDF2-HMAC-SHA-1 of "correct horse" with the id of a card with seed 1, 1000 rounds.
      let key = try #require([UInt8](hexadecimal: "F9621157450FB0C33B2B48239D7ECF85"))
      let field = try Field(
        OATHCard(credentials: [OATHCredential(name: "a", key: Cards.key)], accessKey: key))
      let arguments = ["code", "a", "--at", "59", "--password-file"]
      expect(
        try await field.start(arguments + ["-"], input: "correct horse\n").end(),
        output: "287082\n")
      let file = try TemporaryFile("correct horse")
      expect(try await field.start(arguments + [file.path]).end(), output: "287082\n")
      expect(
        try await field.start(arguments + ["-"], input: "battery staple\n").end(),
        failure: Self.wrong, status: 77)
    }

    @Test("A wrong key is refused, whatever the card's word for it", arguments: OATHProfile.all)
    func wrongKey(profile: OATHProfile) async throws {
      let field = try Field(
        Cards.card(OATHCredential(name: "a", key: Cards.key), profile: profile, locked: true))
      expect(
        try await field.run("code", "a", "--access-key", "000102030405060708090A0B0C0D0EFF"),
        failure: Self.wrong, status: 77)
    }

    @Test("A key is no obstacle on a card without one")
    func keyWithoutLock() async throws {
      let field = try Field(Cards.card(OATHCredential(name: "a", key: Cards.key)))
      expect(
        try await field.run("code", "a", "--at", "59", "--access-key", Cards.accessKeyText),
        output: "287082\n")
    }

    @Test("A challenge makes the transaction code of the vectors")
    func transaction() async throws {
      let field = try field()
      let arguments = [
        "code", "smartotp:K01:12345678", "--challenge", Self.challenge, "--access-key",
        Cards.accessKeyText,
      ]
      expect(try await field.start(arguments).end(), output: "570924\n")
      expect(
        try await field.start(arguments + ["--json"]).end(),
        output: #"{"code":"570924","credential":"smartotp:K01:12345678","digits":6}"# + "\n")
    }

    @Test("A transaction code costs SELECT, VALIDATE and CALCULATE")
    func wireCost() async throws {
      let field = try field()
      _ = try await field.run(
        "code", "smartotp:K01:12345678", "--challenge", Self.challenge, "--access-key",
        Cards.accessKeyText)
      let instructions = field.commands.filter { $0.first == 0x40 }.map { $0[3] }
      #expect(instructions == [0xA4, 0xA3, 0xA2])
    }

    @Test("A serial number that is not on the card is said so")
    func otherSerial() async throws {
      let field = try field()
      expect(
        try await field.run(
          "code", "smartotp:K01:87654321", "--challenge", Self.challenge, "--access-key",
          Cards.accessKeyText),
        failure: "the card has no such credential; smartotp card lists what it has", status: 65)
    }
  }
}

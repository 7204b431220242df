import Simulation
import Testing

extension SmartOTPTests {
  @Suite("smartotp code")
  struct CodeTests {
    @Test(
      "A code is that of RFC 6238, and alone on standard output",
      arguments: [
        (59, "94287082", "46119246", "90693936"),
        (1_111_111_109, "07081804", "68084774", "25091201"),
        (1_111_111_111, "14050471", "67062674", "99943326"),
        (1_234_567_890, "89005924", "91819424", "93441116"),
        (2_000_000_000, "69279037", "90698825", "38618901"),
        (20_000_000_000, "65353130", "77737706", "47863826"),
      ])
    func rfc6238(time: Int, sha1: String, sha256: String, sha512: String) async throws {
      let field = try Field(Cards.rfc6238)
      for (name, code) in [("sha1", sha1), ("sha256", sha256), ("sha512", sha512)] {
        expect(try await field.run("code", name, "--at", "\(time)"), output: "\(code)\n")
      }
    }

    @Test("JSON has the code, its digits, the credential, and until when it holds")
    func json() async throws {
      let field = try Field(Cards.rfc6238)
      expect(
        try await field.run("code", "sha1", "--at", "59", "--json"),
        output: """
          {"code":"94287082","credential":"sha1","digits":8,"validUntil":60}

          """)
    }

    @Test(
      "A card of any type and with any kind of identifier makes codes",
      arguments: [
        .typeB(TypeBActivation()), .typeA(.isoDEP(uid: [0x2C, 0x8E, 0x41, 0x9B])),
        .typeA(.isoDEP(uid: [4, 1, 2, 3, 4, 5, 6, 7, 8, 9])), Self.randomUID,
        .typeA(.isoDEP(ats: [0x02, 0x00])),
        .typeA(.isoDEP(ats: [0x06, 0x75, 0x33, 0x92, 0x03, 0x80])),
      ])
    func activation(activation: CardActivation) async throws {
      let field = try Field(
        Cards.card(OATHCredential(name: "a", key: Cards.key), activation: activation))
      expect(try await field.run("code", "a", "--at", "59"), output: "287082\n")
    }

    private static var randomUID: CardActivation {
      var activation = TypeAActivation.isoDEP(uid: [0x08, 1, 2, 3])
      activation.drawsRandomUID = true
      return .typeA(activation)
    }

    @Test("Without --at the code is that of now")
    func now() async throws {
      let field = try Field(Cards.rfc6238)
      let outcome = try await field.run("code", "sha1")
      #expect(outcome.output.wholeMatch(of: #/\d{8}\n/#) != nil)
      expect(outcome, output: outcome.output)
    }

    @Test("A HOTP code has no end of validity, and the next run gives the next code")
    func hotp() async throws {
      let field = try Field(Cards.people)
      expect(
        try await field.run("code", "Bank:alice", "--json"),
        output: #"{"code":"755224","credential":"Bank:alice","digits":6}"# + "\n")
      expect(try await field.run("code", "Bank:alice"), output: "287082\n")
    }

    @Test("A part of a name will do when it fits one credential, in either case")
    func partOfName() async throws {
      let field = try Field(Cards.people)
      for part in ["github:alice", "hub:A", "GitHub:alice"] {
        expect(try await field.run("code", part, "--at", "59"), output: "287082\n")
      }
    }

    @Test("The only credential needs no name")
    func only() async throws {
      let field = try Field(Cards.card(OATHCredential(name: "a", key: Cards.key)))
      expect(try await field.run("code", "--at", "59"), output: "287082\n")
    }

    @Test("A name that fits several credentials is refused, and says which")
    func ambiguous() async throws {
      let field = try Field(Cards.people)
      expect(
        try await field.run("code", "alice"),
        failure: "several credentials fit; give more of the name (GitHub:alice, Bank:alice)",
        status: 64)
      expect(
        try await field.run("code"),
        failure: "several credentials fit; give more of the name "
          + "(GitHub:alice, GitHub:bob, Bank:alice, 60/Slow:carol)", status: 64)
    }

    @Test("A name that no credential has is refused")
    func missing() async throws {
      let field = try Field(Cards.people)
      expect(
        try await field.run("code", "dave"),
        failure: "the card has no such credential; smartotp card lists what it has", status: 65)
    }

    @Test("A period in the name decides the code and its validity")
    func period() async throws {
      let field = try Field(Cards.people)
      expect(
        try await field.run("code", "carol", "--at", "119", "--json"),
        output: """
          {"code":"287082","credential":"Slow:carol","digits":6,"validUntil":120}

          """)
    }

    @Test("All time-based codes come in one tap, each with its name")
    func all() async throws {
      let field = try Field(Cards.people)
      expect(
        try await field.run("code", "--all", "--at", "59"),
        output: """
          287082  GitHub:alice
          599872  GitHub:bob
          -  Slow:carol  (period 60 s, ask for it by name)

          """)
      expect(
        try await field.run("code", "--all", "--at", "59", "--json"),
        output: """
          {"code":"287082","credential":"GitHub:alice","digits":6,"validUntil":60}
          {"code":"599872","credential":"GitHub:bob","digits":6,"validUntil":60}
          {"credential":"Slow:carol","note":"period 60 s, ask for it by name"}

          """)
    }

    @Test("A card without credentials has no codes")
    func empty() async throws {
      let field = try Field(Cards.card())
      expect(try await field.run("code", "--all"))
    }

    @Test(
      "The reader may be named by the environment",
      arguments: ["SMARTOTP_READER", "LIBNFC_DEVICE", "LIBNFC_DEFAULT_DEVICE"])
    func environment(variable: String) async throws {
      let field = try Field(Cards.rfc6238)
      expect(
        try await SmartOTP.run(
          "code", "sha1", "--at", "59", environment: ["\(variable)=\(field.reader)"]),
        output: "94287082\n")
    }
  }
}

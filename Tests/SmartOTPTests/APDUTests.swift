import Simulation
import Testing

extension SmartOTPTests {
  @Suite("smartotp apdu")
  struct APDUTests {
    private static let select = "00A4040007A0000005272101"

    @Test("Each answer is a line in hexadecimal, its status word included")
    func text() async throws {
      let field = try Field(Cards.card(OATHCredential(name: "a", key: Cards.key)))
      expect(
        try await field.run("apdu", Self.select, "00A10000", "00FF0000"),
        output: """
          79030507017108C1675E0BB980A5759000
          720221619000
          6D00

          """)
    }

    @Test("Spaces and colons between bytes are no matter")
    func spaces() async throws {
      let field = try Field(Cards.card())
      expect(
        try await field.run("apdu", "00 a4 04 00 07 a0:00:00:05:27:21:01"),
        output: "79030507017108C1675E0BB980A5759000\n")
    }

    @Test("JSON explains the status word")
    func json() async throws {
      let field = try Field(Cards.card())
      expect(
        try await field.run("apdu", "--json", Self.select, "00FF0000"),
        output: """
          {"command":"00A4040007A0000005272101","meaning":"success",\
          "response":"79030507017108C1675E0BB980A5759000","statusWord":"9000"}
          {"command":"00FF0000","meaning":"instruction not supported","response":"6D00",\
          "statusWord":"6D00"}

          """)
    }

    @Test("Nothing is chained: 61xx is an answer like any other")
    func chaining() async throws {
      let credentials = (0..<20).map { OATHCredential(name: "credential \($0)", key: Cards.key) }
      let field = try Field(OATHCard(credentials: credentials))
      let outcome = try await field.run("apdu", Self.select, "00A10000", "00A50000")
      let lines = outcome.output.split(separator: "\n")
      #expect(lines.map { $0.suffix(4) } == ["9000", "6138", "9000"])
      #expect(lines.map(\.utf8.count) == [34, 512, 116])
      expect(outcome, output: outcome.output)
    }

    @Test("A long answer and a long command pass whole")
    func long() async throws {
      let answer = (0..<1500).map { UInt8(truncatingIfNeeded: $0) }
      let field = try Field(ScriptedCard { CardAnswer(answer + $0.suffix(2) + [0x90, 0x00]) })
      let data = String(repeating: "5A", count: 600)
      expect(
        try await field.run("apdu", "00A4040000025 8\(data)".replacing(" ", with: "")),
        output: "\(answer.hexadecimal.uppercased())5A5A9000\n")
    }

    @Test("A card that takes longer than the deadline is given up")
    func deadline() async throws {
      let field = try Field(Cards.card())
      field.hardware.arm(.card(apdu: 0, .late(.seconds(3))))
      expect(
        try await field.run("apdu", "--deadline", "200", Self.select),
        failure: "time ran out before the card had answered; try again", status: 75)
    }

    @Test("A card may take its time when it asks for it")
    func waitingTime() async throws {
      let field = try Field(Cards.card())
      field.hardware.arm(.card(apdu: 0, .late(.milliseconds(500))))
      expect(
        try await field.run("apdu", "--deadline", "3000", Self.select),
        output: "79030507017108C1675E0BB980A5759000\n")
    }

    @Test("An answer that is as expected says nothing more")
    func expected() async throws {
      let field = try Field(Cards.card())
      expect(
        try await field.run(
          "apdu", Self.select, "00FF0000", "00FF0000", "--expect", "7903....*9000", "--expect",
          "6D00"),
        output: "79030507017108C1675E0BB980A5759000\n6D00\n6D00\n")
    }

    @Test("An answer that is not ends the run, and says which, sent, got and expected")
    func unexpected() async throws {
      let field = try Field(Cards.card())
      expect(
        try await field.run(
          "apdu", Self.select, "00FF0000", Self.select, "--expect", "*9000", "--expect", "9000"),
        output: "79030507017108C1675E0BB980A5759000\n6D00\n",
        errors: """
          smartotp: APDU 2: sent 00FF0000, got 6D00 (instruction not supported), expected 9000

          """, status: 65)
    }

    @Test("A pattern that only forgot the data is told so")
    func hint() async throws {
      let field = try Field(Cards.card())
      expect(
        try await field.run("apdu", Self.select, "--expect", "9000"),
        output: "79030507017108C1675E0BB980A5759000\n",
        errors: """
          smartotp: APDU 1: sent 00A4040007A0000005272101, got \
          79030507017108C1675E0BB980A5759000 (success), expected 9000; *9000 takes any data before it

          """, status: 65)
    }

    @Test("JSON says what was expected, and whether it came")
    func expectedJSON() async throws {
      let field = try Field(Cards.card())
      expect(
        try await field.run("apdu", "--json", "00FF0000", "--expect", "69.."),
        output: """
          {"asExpected":true,"command":"00FF0000","expected":"69??",\
          "meaning":"conditions of use not satisfied","response":"6985","statusWord":"6985"}

          """)
    }

    @Test("What is no command APDU is refused before a card is asked for")
    func malformed() async throws {
      let field = try Field()
      expect(
        try await field.run("apdu", Self.select, "00A4"),
        failure: "'00A4' is no command APDU: the command is shorter than its four header bytes",
        status: 65)
      #expect(field.commands.isEmpty)
    }
  }
}

import Glibc
import Simulation
import Testing

extension SmartOTPTests {
  @Suite("smartotp apdu with a script")
  struct APDUScriptRunTests {
    private static let selected = "79030507017108C1675E0BB980A5759000"

    @Test("Standard input that is no terminal is a script")
    func standardInput() async throws {
      let field = try Field(Cards.card())
      let script = """
        # the OATH application
        00A4040007A0000005272101 => 79*9000

        :deadline 500
        00 FF 00 00 => 6D00   # no such instruction
        """
      expect(try await field.run("apdu", input: script), output: "\(Self.selected)\n6D00\n")
      expect(
        try await field.run("apdu", "--script", "-", input: script),
        output: "\(Self.selected)\n6D00\n")
    }

    @Test("--script reads a file; JSON tells each answer's line")
    func file() async throws {
      let field = try Field(Cards.card())
      let script = try TemporaryFile(":select A0000005272101\n\n00FF0000 => 9000\n")
      expect(
        try await field.run("apdu", "--json", "--script", script.path),
        output: """
          {"command":"00A4040007A0000005272101","line":1,"meaning":"success",\
          "response":"\(Self.selected)","statusWord":"9000"}
          {"asExpected":false,"command":"00FF0000","expected":"9000","line":3,\
          "meaning":"instruction not supported","response":"6D00","statusWord":"6D00"}

          """,
        errors: """
          smartotp: line 3: sent 00FF0000, got 6D00 (instruction not supported), expected 9000

          """, status: 65)
    }

    @Test("With --keep-going every mismatch is told, and at the end how many there were")
    func keepGoing() async throws {
      let field = try Field(Cards.card())
      expect(
        try await field.run(
          "apdu", "--keep-going",
          input: ":select A0000005272101 => *9000\n00FF0000 => 9000\n00FE0000 => ..\n00FF0000\n"),
        output: "\(Self.selected)\n6D00\n6D00\n6D00\n",
        errors: """
          smartotp: line 2: sent 00FF0000, got 6D00 (instruction not supported), expected 9000
          smartotp: line 3: sent 00FE0000, got 6D00 (instruction not supported), expected ??; \
          *?? takes any data before it
          smartotp: 2 of 3 answers are not as expected

          """, status: 65)
    }

    @Test("A reset takes the selection away; a wait takes the card as it comes")
    func reset() async throws {
      let field = try Field(Cards.card())
      expect(
        try await field.run(
          "apdu", "--keep-going",
          input: """
            :wait 5
            :select A0000005272101 => *9000
            00A10000 => 9000
            :reset
            00A10000 => 6985
            :wait
            00A10000 => 6985
            """),
        output: "\(Self.selected)\n9000\n6985\n6985\n")
    }

    @Test("The deadline of a script holds from its line on, and a failure names the line")
    func deadline() async throws {
      let field = try Field(Cards.card())
      field.hardware.arm(.card(apdu: 1, .late(.seconds(3))))
      expect(
        try await field.run(
          "apdu", input: ":select A0000005272101\n:deadline 200\n00A10000 => 9000\n00A10000\n"),
        output: "\(Self.selected)\n",
        errors: "smartotp: line 3: time ran out before the card had answered; try again\n",
        status: 75)
    }

    @Test(
      "What is no script is refused before a card is asked for",
      arguments: [
        (
          "00A40400\n00A4\n",
          "line 2: no command APDU: the command is shorter than its four header bytes"
        ),
        ("00A40400 => 9\n", "line 1: the expected answer has 1 digits in a row; a byte takes two"),
        (":quit\n", "line 1: :quit is for the interactive shell"),
        ("", "no line of it holds an APDU"),
      ])
    func malformed(script: String, failure: String) async throws {
      let field = try Field()
      expect(
        try await field.run("apdu", input: script), failure: "standard input: \(failure)",
        status: 65)
      let file = try TemporaryFile(script)
      expect(
        try await field.run("apdu", "--script", file.path), failure: "\(file.path): \(failure)",
        status: 65)
      #expect(field.commands.isEmpty)
    }

    @Test("A script that is not there is an error")
    func missing() async throws {
      expect(
        try await SmartOTP.run("apdu", "--script", "/nowhere"),
        failure: "cannot read /nowhere: No such file or directory", status: 65)
    }

    @Test("Ctrl-C ends the wait for a script that does not come")
    func interrupted() async throws {
      let field = try Field()
      let program = try RunningProgram(
        [SmartOTP.path, "apdu", "-v", "-r", field.reader], environment: SmartOTP.environment,
        input: nil)
      for _ in 0..<6000 {
        if program.hasEnded || Processes.isCatching(program.process, signal: SIGINT) { break }
        try await Task.sleep(for: .milliseconds(5))
      }
      program.interrupt()
      expect(await program.end(), failure: "interrupted", status: 130)
    }
  }
}

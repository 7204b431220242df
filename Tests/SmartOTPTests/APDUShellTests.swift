import Simulation
import Testing

extension SmartOTPTests {
  /// What a person sees at a terminal, from the first line to the last.
  @Suite("smartotp apdu at a terminal")
  struct APDUShellTests {
    private static let greeting = "A line of hexadecimal is sent; :help shows what else there is.\n"
    private static let card = "card 04A23B1C5D6E80, type A; nothing is selected on it\n"

    /// The shell at a terminal of its own.
    private struct Shell {
      let program: RunningProgram
      private let field: Field

      init(_ field: Field, _ options: String = "") throws {
        self.field = field
        program = try RunningProgram(
          [
            "/usr/bin/script", "--quiet", "--return", "--command",
            "exec \(SmartOTP.path) apdu --reader \(field.reader) \(options)", "/dev/null",
          ], environment: SmartOTP.environment, input: nil)
      }

      /// Types one thing after the other, each when the shell is ready for it.
      func type(_ texts: String...) async {
        for text in texts {
          let prompts = Self.prompts(await program.output { $0.hasSuffix("> ") })
          program.type(text)
          _ = await program.output { Self.prompts($0) > prompts && $0.hasSuffix("> ") }
        }
      }

      /// Ctrl-C while something is under way.
      func interrupt() async {
        let prompts = Self.prompts(await program.output { _ in true })
        program.type("\u{3}")
        _ = await program.output { Self.prompts($0) > prompts && $0.hasSuffix("> ") }
      }

      /// Types what does not lead to another prompt.
      func typeLast(_ text: String) async {
        _ = await program.output { $0.hasSuffix("> ") }
        program.type(text)
      }

      /// Ctrl-D, and all there was to be seen, times left out.
      func end() async -> Outcome {
        await typeLast("\u{4}")
        return await outcome()
      }

      func outcome() async -> Outcome {
        var outcome = await program.end()
        outcome.output = outcome.output.replacing("\r\n", with: "\n")
          .replacing(#/\d+\.\d ms/#, with: "T ms")
        return outcome
      }

      private static func prompts(_ text: String) -> Int {
        text.split(whereSeparator: \.isNewline).count { $0.hasPrefix("> ") }
      }
    }

    @Test("A line is sent; its answer, what the status word means, and the time come back")
    func exchange() async throws {
      let shell = try Shell(try Field(Cards.card()))
      await shell.type("00a4040007a0000005272101\n", "00FF0000 # no such thing\n")
      expect(
        await shell.end(),
        output: """
          \(Self.greeting)> 00a4040007a0000005272101
          \(Self.card)79030507017108C1675E0BB980A5759000
          9000 success, T ms
          > 00FF0000 # no such thing
          6D00
          6D00 instruction not supported, T ms
          > 

          """)
    }

    @Test("A line that is wrong says why, and the shell goes on")
    func mistakes() async throws {
      let shell = try Shell(try Field(Cards.card()))
      await shell.type("hello\n", "00A\n", "\n", ":dance\n", ":select A0000005272101 => 6A82\n")
      expect(
        await shell.end(),
        output: """
          \(Self.greeting)> hello
          'hello' is not hexadecimal
          > 00A
          3 hexadecimal digits are no whole bytes
          > 
          > :dance
          there is no ':dance'; there are :select, :deadline, :reset and :wait
          > :select A0000005272101 => 6A82
          \(Self.card)79030507017108C1675E0BB980A5759000
          9000 success, T ms
          not as expected: 6A82
          > 

          """)
    }

    @Test("A card that left may come back; it is greeted, and nothing is selected on it")
    func cardLeaves() async throws {
      let field = try Field(Cards.card())
      let shell = try Shell(field)
      await shell.type(":select A0000005272101\n")
      field.hardware.arm(.card(apdu: 0, .pullBefore(returnsAfter: .milliseconds(100))))
      await shell.type("00A10000\n", "00A10000\n")
      let outcome = await shell.end()
      expect(
        outcome,
        output: """
          \(Self.greeting)> :select A0000005272101
          \(Self.card)79030507017108C1675E0BB980A5759000
          9000 success, T ms
          > 00A10000
          the card did not answer in time; lay it flat on the reader and try again (chip status 01)
          > 00A10000
          \(Self.card)6985
          6985 conditions of use not satisfied, T ms
          > 

          """)
    }

    @Test("Ctrl-C ends the wait for a card; the shell and the reader go on")
    func interruptedWait() async throws {
      let field = try Field()
      let shell = try Shell(field)
      await shell.typeLast("00A40400\n")
      _ = await shell.program.output { $0.hasSuffix("Lay the card on the reader.\r\n") }
      await shell.interrupt()
      field.hardware.insert(Cards.card())
      await shell.type(":wait\n")
      expect(
        await shell.end(),
        output: """
          \(Self.greeting)> 00A40400
          Lay the card on the reader.
          ^C
          interrupted
          > :wait
          \(Self.card)> 

          """)
    }

    @Test("Ctrl-C at the prompt clears the line")
    func interruptedLine() async throws {
      let shell = try Shell(try Field(Cards.card()))
      await shell.type("\u{3}", "00FF0000\n")
      expect(
        await shell.end(),
        output: """
          \(Self.greeting)> ^C
          > 00FF0000
          \(Self.card)6985
          6985 conditions of use not satisfied, T ms
          > 

          """)
    }

    @Test("The deadline can be changed, and the card reset")
    func deadline() async throws {
      let field = try Field(Cards.card())
      let shell = try Shell(field, "--json")
      await shell.type(":deadline 200\n", ":reset\n")
      field.hardware.arm(.card(apdu: 0, .late(.seconds(3))))
      await shell.type("00FF0000\n", "00FF0000\n")
      await shell.typeLast(":quit\n")
      expect(
        await shell.outcome(),
        output: """
          \(Self.greeting)> :deadline 200
          > :reset
          \(Self.card)> 00FF0000
          time ran out before the card had answered; try again
          > 00FF0000
          \(Self.card){"command":"00FF0000","meaning":"conditions of use not satisfied",\
          "response":"6985","statusWord":"6985"}
          6985 conditions of use not satisfied, T ms
          > :quit

          """)
    }

    @Test("Help names every word there is")
    func help() async throws {
      let shell = try Shell(try Field())
      await shell.type(":help\n")
      let output = await shell.end().output
      for word in [":select AID", ":deadline MS", ":reset", ":wait [SECONDS]", ":help", ":quit"] {
        #expect(output.contains(word))
      }
    }

    @Test("A terminal that hangs up ends the shell, its reader handed back")
    func hangUp() async throws {
      let field = try Field(Cards.card())
      let shell = try Shell(field)
      await shell.type(":wait\n")
      shell.program.signal(9)
      _ = await shell.program.end()
      #expect(try await Processes.areGone(from: field.hardware.path))
    }
  }
}

import Simulation
import Testing

extension SmartOTPTests {
  @Suite("smartotp trace, live")
  struct TraceCommandTests {
    private static let card =
      "T  card      type A  uid 04A23B1C5D6E80  atqa 0044  sak 20  ats 0578808100  fwt 77.329 ms"
      + "  max frame 256\n"
    private static let selection = """
      T  command   SELECT  application A0000005272101, OATH
                           00A4040007A0000005272101
      T  response  9000 success  (N ms, on the air 3.1 ms at 106 kbit/s)
                           79 version: 5.7.1
                           71 card id: C1675E0BB980A575
                           79030507017108C1675E0BB980A5759000

      """
    private static let lost = "T  lost      let go of, or gone\n"

    private func credential(_ name: String) -> OATHCredential {
      OATHCredential(name: name, key: Cards.key)
    }

    @Test("A card is selected and listed, each APDU told as it passes")
    func tap() async throws {
      let field = try Field(Cards.card(credential("github")))
      expect(
        try await field.run("trace", "--for", "1").withoutTimes,
        output: Self.card + Self.selection + """
          T  command   LIST  up to 256 bytes wanted
                               00A1000000
          T  response  9000 success  (N ms, on the air 1.9 ms at 106 kbit/s)
                               72 credential: "github", TOTP, SHA-1
                               7207216769746875629000

          """ + Self.lost)
    }

    @Test("The chip's commands stand between what they led to; the same again is counted")
    func chip() async throws {
      let field = try Field(Cards.card())
      let outcome = try await field.run(
        "trace", "--for", "1", "--chip", "--apdu", "00A4040007A0000005272101"
      ).withoutTimes
      let expected = """
        T  chip      SetSerialBaudRate  921600 baud  ->  done  (N ms)
        T  chip      GetFirmwareVersion  ->  PN532 1.6, type A, type B, ISO 18092  (N ms)
        T  chip      the same once more
        T  chip      RFConfiguration  timers: activation 102.4 ms, exchange 102.4 ms  ->  done  (N ms)
        T  chip      RFConfiguration  tries again: ATR 2, PSL 1, activation 1  ->  done  (N ms)
        T  chip      InListPassiveTarget  type B, up to 2 targets  ->  no target  (N ms)
        T  chip      InListPassiveTarget  type A, up to 2 targets  ->  1 target, uid 04A23B1C5D6E80  (N ms)
        \(Self.card)\
        T  command   SELECT  application A0000005272101, OATH
                             00A4040007A0000005272101
        T  chip      InDataExchange  target 1, 12 bytes  ->  success, 17 bytes  (N ms)
        \(Self.selection.split(separator: "\n").dropFirst(2).joined(separator: "\n"))
        T  lost      let go of, or gone
        T  chip      InRelease  all targets  ->  success  (N ms)
        T  chip      InListPassiveTarget  type A, up to 2 targets  ->  1 target, uid 04A23B1C5D6E80  (N ms)
        T  chip      InCommunicateThru  R(NAK) block, is the card still there  ->  success, 1 byte  (N ms)
        T  chip      the same N times more

        """
      // What the end of the time cuts short differs from run to run.
      expect(
        Outcome(
          output: String(outcome.output.prefix(expected.count)), errors: outcome.errors,
          status: outcome.status), output: expected)
    }

    @Test("JSON has an object for each of them, with stable keys")
    func json() async throws {
      let field = try Field(Cards.card())
      expect(
        try await field.run(
          "trace", "--for", "1", "--json", "--apdu", "00A4040007A0000005272101", "00FF0000"
        ).withoutTimes,
        output: """
          {"atqa":"0044","ats":"0578808100","event":"card","frameWaitingTimeMs":77.329,\
          "maxFrame":256,"sak":"20","timeUs":0,"type":"A","uid":"04A23B1C5D6E80"}
          {"apdu":"00A4040007A0000005272101","detail":"application A0000005272101, OATH",\
          "event":"command","name":"SELECT","timeUs":0}
          {"airUs":3102,"apdu":"79030507017108C1675E0BB980A5759000","event":"response",\
          "fields":[{"meaning":"5.7.1","name":"version","tag":"79","value":"050701"},\
          {"name":"card id","tag":"71","value":"C1675E0BB980A575"}],"meaning":"success",\
          "name":"SELECT","statusWord":"9000","timeUs":0,"tookUs":0}
          {"apdu":"00FF0000","event":"command","name":"instruction FF","timeUs":0}
          {"airUs":1148,"apdu":"6D00","event":"response","meaning":"instruction not supported",\
          "name":"instruction FF","statusWord":"6D00","timeUs":0,"tookUs":0}
          {"event":"lost","timeUs":0}

          """)
    }

    @Test("A chip command is an object with its bytes, its status and its time")
    func chipJSON() async throws {
      let field = try Field(Cards.card())
      let outcome = try await field.run(
        "trace", "--for", "0.5", "--json", "--chip", "--apdu", "00A4040007A0000005272101")
      let lines = outcome.withoutTimes.output.split(separator: "\n")
      for line in [
        #"{"answer":"00**********************************","#
          + #""command":"4001************************","detail":"target 1, 12 bytes","event":"chip","#
          + #""meaning":"success, 17 bytes","name":"InDataExchange","status":"00","timeUs":0,"#
          + #""tookUs":0}"#,
        #"{"answer":"","command":"1007","detail":"921600 baud","event":"chip","meaning":"done","#
          + #""name":"SetSerialBaudRate","timeUs":0,"tookUs":0}"#,
        #"{"event":"chip","repeated":1,"timeUs":0}"#,
      ] {
        #expect(lines.contains { $0 == line }, "\(line)")
      }
      #expect(outcome.status == 0)
    }

    @Test("A locked card is unlocked with its key, and the proofs stay masked")
    func unlocking() async throws {
      let field = try Field(Cards.card(Cards.smartOTP, locked: true))
      let outcome = try await field.run(
        "trace", "--for", "0.5", "--access-key", Cards.accessKeyText)
      #expect(outcome.output.contains("command   VALIDATE\n"))
      #expect(outcome.output.contains("75 response: 20 bytes masked\n"))
      #expect(outcome.output.contains("72 credential: \"smartotp:K01:12345678\", TOTP, SHA-256"))
      let open = try await field.run(
        "trace", "--for", "0.5", "--access-key", Cards.accessKeyText, "--secrets")
      #expect(!open.output.contains("masked"))
      #expect(open.output.contains(#/75 response: [0-9A-F]{40}\n/#))
    }

    @Test("Each tap is told, until Ctrl-C")
    func taps() async throws {
      let card = Cards.card()
      let field = try Field(card)
      let program = try field.start(["trace", "--apdu", "00A4040007A0000005272101"])
      let tap = 8
      await program.lines(tap)
      field.hardware.remove(card)
      field.hardware.insert(MIFAREClassicCard())
      await program.lines(tap + 3)
      field.hardware.removeAllCards()
      field.hardware.insert(card)
      await program.lines(tap + 3 + tap)
      program.interrupt()
      expect(
        await program.end().withoutTimes,
        output: Self.card + Self.selection + Self.lost + """
          T  card      type A  uid 2C8E419B  atqa 0004  sak 08  fwt 4.834 ms  max frame 32
          T  note      this card takes no APDUs (not ISO 14443-4); use a card with OATH on it

          """ + Self.lost + Self.card + Self.selection + Self.lost,
        errors: "smartotp: interrupted\n", status: 130)
    }

    @Test("What went wrong with a card is a line, and the trace goes on")
    func troubles() async throws {
      let other = Cards.card(activation: .typeA(.isoDEP(uid: [0x04, 1, 2, 3, 4, 5, 6])))
      expect(
        try await Field(Cards.card(), other).run("trace", "--for", "0.5").withoutTimes,
        output: """
          T  note      2 cards are on the reader: which one is meant is not clear; leave one and \
          try again

          """)
      let field = try Field(Cards.card())
      field.hardware.arm(.card(apdu: 0, .pullBefore()))
      expect(
        try await field.run("trace", "--for", "1", "--apdu", "00A10000").withoutTimes,
        output: Self.card + """
          T  command   SEARCH BINARY
                               00A10000
          T  note      the card did not answer in time; lay it flat on the reader and try again \
          (chip status 01)

          """ + Self.lost)
    }

    @Test("A reader that does not open is traced as far as it came")
    func opening() async throws {
      let hardware = try SimulatedReader(cards: [], maximumSpeed: 460_800)
      let outcome = try await SmartOTP.run(
        "trace", "--chip", "--for", "1", "--reader", hardware.connectionString
      ).withoutTimes
      let lines = outcome.output.split(separator: "\n")
      #expect(lines.first == "T  chip      SetSerialBaudRate  921600 baud  ->  done  (N ms)")
      #expect(
        lines.dropFirst().first?.starts(with: "T  chip      GetFirmwareVersion  ->  no answer")
          == true)
      expect(
        outcome, output: outcome.output,
        errors: "smartotp: the reader was lost when its line was switched to 921600 baud: "
          + "unplug it, plug it in again, and use --line-speed 115200\n", status: 74)
    }

    @Test("A name that a terminal would obey is shown in hexadecimal")
    func hostileName() async throws {
      let field = try Field(Cards.card(credential("a\u{1B}[31mb")))
      let outcome = try await field.run("trace", "--for", "0.5")
      #expect(outcome.output.contains("72 credential: 611B5B33316D62, TOTP, SHA-1\n"))
      #expect(!outcome.output.contains("\u{1B}"))
    }

    @Test("No card in the time given is status 75")
    func none() async throws {
      expect(
        try await Field().run("trace", "--for", "0.3"),
        failure: "no card came in time; lay it on the reader and try again", status: 75)
    }

    @Test("What is no command APDU is refused before a card is asked for")
    func malformed() async throws {
      let field = try Field()
      expect(
        try await field.run("trace", "--apdu", "00A4"),
        failure: "'00A4' is no command APDU: the command is shorter than its four header bytes",
        status: 65)
      #expect(field.commands.isEmpty)
    }

    @Test("Other commands explain themselves on standard error, and their output stays theirs")
    func explain() async throws {
      let field = try Field(Cards.card(Cards.smartOTP))
      let arguments = [
        "code", "smartotp:K01:12345678", "--challenge", "79A43E1F1A02C642", "--explain",
      ]
      expect(
        try await field.start(arguments).end().withoutTimes, output: "570924\n",
        errors: Self.card + Self.selection + """
          T  command   CALCULATE  truncated
                               71 name: "smartotp:K01:12345678"
                               74 challenge: 79A43E1F1A02C642
                               00A20001217115736D6172746F74703A4B30313A3132333435363738740879A43E1F1A02C642
          T  response  9000 success  (N ms, on the air 4.6 ms at 106 kbit/s)
                               76 truncated response: 5 bytes masked
                               7605**********9000

          """ + Self.lost)
      let open = try await field.start(arguments + ["--trace-secrets"]).end()
      #expect(open.errors.contains("76 truncated response: 06309C9FEC\n"))
      let chip = try await field.start(arguments + ["--explain-chip"]).end()
      #expect(chip.errors.contains("chip      InDataExchange  target 1, "))
      #expect(chip.output == "570924\n")
    }
  }
}

extension Outcome {
  /// The same with every time that differs from run to run taken out.
  var withoutTimes: Outcome {
    Outcome(output: Self.withoutTimes(output), errors: Self.withoutTimes(errors), status: status)
  }

  private static func withoutTimes(_ text: String) -> String {
    text.replacing(#/(^|\n) *\d+\.\d{3}  /#) { "\($0.output.1)T  " }
      .replacing(#/\(\d+\.\d ms/#) { _ in "(N ms" }
      .replacing(#/the same \d+ times/#) { _ in "the same N times" }
      .replacing(#/"(timeUs|tookUs)":\d+/#) { "\"\($0.output.1)\":0" }
  }
}

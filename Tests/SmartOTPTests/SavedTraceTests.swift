import SmartCard
import Testing
import Trace

extension SmartOTPTests {
  @Suite("smartotp trace FILE")
  struct SavedTraceTests {
    private static let start: UInt64 = 1_795_500_042_000_000_000

    /// A tap on a card with a chained answer, written as `--trace` does; each step is 1.5 ms after
    /// the one before.
    private static func tap(masking: Masking) throws -> [UInt8] {
      let file = TraceFile()
      var trace = AirTrace(masking: masking)
      var bytes = file.header(reader: "test", application: "smartotp", masking: masking)
      var time = start
      func append(_ frames: [AirFrame]) {
        bytes += file.frames(frames, at: time)
        time += 1_500_000
      }
      let card = Activation.typeA(
        TypeAActivation(
          atqa: ATQA(rawValue: 0x0044), sak: SAK(rawValue: 0x20),
          uid: try UID([0x04, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66]),
          ats: try ATS(parsing: [0x05, 0x75, 0x80, 0x60, 0x02])))
      append(trace.activated(card))
      append(trace.command(hexadecimal("00A4040007A0000005272101")))
      append(trace.response(hexadecimal("7903050403 7108AABBCCDDEEFF0011 9000")))
      append(trace.command(hexadecimal("00A400010A 7408 0102030405060708")))
      append(trace.response(hexadecimal("710161 7605 060BAD 6104")))
      append(trace.command(hexadecimal("00A50000")))
      append(trace.response(hexadecimal("C0DE 710162 7700 9000")))
      append(trace.lost())
      return bytes
    }

    private static func hexadecimal(_ text: String) -> [UInt8] { Hexadecimal.bytes(text) ?? [] }

    private static let text = """
          0.000  card      type A  uid 04112233445566  atqa 0044  sak 20  ats 0575806002  fwt 19.333 ms\
        max frame 64
          0.001  command   SELECT  application A0000005272101, OATH
                           00A4040007A0000005272101
          0.003  response  9000 success  (1.5 ms, on the air 3.1 ms at 106 kbit/s)
                           79 version: 5.4.3
                           71 card id: AABBCCDDEEFF0011
                           79030504037108AABBCCDDEEFF00119000
          0.004  command   CALCULATE ALL  truncated
                           74 challenge: 0102030405060708
                           00A400010A74080102030405060708
          0.006  response  6104 4 bytes more to fetch  (1.5 ms, on the air 2.7 ms at 106 kbit/s)
                           71 name: "a"
                           5 bytes that go on in the next answer
                           7101617605******6104
          0.007  command   SEND REMAINING
                           00A50000
          0.009  response  9000 success  (1.5 ms, on the air 1.7 ms at 106 kbit/s)
                           76 truncated response: 5 bytes masked
                           71 name: "b"
                           77 counter-based, no code made
                           ****71016277009000
          0.010  lost      let go of, or gone

      """

    @Test("A saved trace is told as it would have been live", arguments: [Masking.secrets, .none])
    func text(masking: Masking) async throws {
      let file = try TemporaryFile(bytes: Self.tap(masking: masking))
      expect(try await SmartOTP.run("trace", file.path), output: Self.text)
    }

    @Test("Secrets are shown when asked for and there; what was masked stays so")
    func secrets() async throws {
      let masked = try TemporaryFile(bytes: Self.tap(masking: .secrets))
      expect(try await SmartOTP.run("trace", "--secrets", masked.path), output: Self.text)
      let open = try TemporaryFile(bytes: Self.tap(masking: .none))
      let outcome = try await SmartOTP.run("trace", "--secrets", open.path)
      #expect(outcome.output.contains("76 truncated response: 060BADC0DE\n"))
      #expect(!outcome.output.contains("masked"))
    }

    @Test("JSON has the keys of a live trace, times since 1970")
    func json() async throws {
      let file = try TemporaryFile(bytes: Self.tap(masking: .secrets))
      let outcome = try await SmartOTP.run("trace", "--json", file.path)
      let lines = outcome.output.split(separator: "\n")
      expect(outcome, output: outcome.output)
      #expect(lines.count == 8)
      #expect(
        lines.first == """
          {"atqa":"0044","ats":"0575806002","event":"card","frameWaitingTimeMs":19.333,\
          "maxFrame":64,"sak":"20","timeUs":1795500042000000,"type":"A","uid":"04112233445566"}
          """)
      #expect(
        lines.dropFirst(6).first == """
          {"airUs":1743,"apdu":"****71016277009000","event":"response","fields":[\
          {"name":"truncated response","tag":"76","value":"**********"},\
          {"meaning":"\\"b\\"","name":"name","tag":"71","value":"62"},\
          {"name":"counter-based, no code made","tag":"77","value":""}],"meaning":"success",\
          "name":"SEND REMAINING","statusWord":"9000","timeUs":1795500042009000,"tookUs":1500}
          """)
      #expect(lines.last == #"{"event":"lost","timeUs":1795500042010500}"#)
    }

    @Test("- is standard input")
    func standardInput() async throws {
      let file = try TemporaryFile(bytes: Self.tap(masking: .secrets))
      let shell = try RunningProgram(
        ["/bin/sh", "-c", "cat \(file.path) | \(SmartOTP.path) trace -"],
        environment: SmartOTP.environment)
      expect(await shell.end(), output: Self.text)
    }

    @Test("Blocks, packets and frames of others do not keep it from telling what it knows")
    func foreign() async throws {
      var bytes = try Self.tap(masking: .secrets)
      // A custom block, an interface of Ethernet, a packet of it, statistics.
      bytes += Self.hexadecimal(
        """
        AD0B0000 10000000 78563412 10000000
        01000000 14000000 01000000 00000000 14000000
        06000000 24000000 01000000 00000000 00000000 03000000 03000000 01020300 24000000
        05000000 18000000 00000000 00000000 00000000 18000000
        """)
      let writer = PcapngWriter(linkType: AirFrame.linkType)
      let time = Self.start + 20_000_000
      bytes += writer.packet([0x00, 0xFE, 0x00, 0x09, 0x02], timestamp: time)
      bytes += writer.packet([0x00, 0xFA, 0x00, 0x02, 0x30, 0x04], timestamp: time)
      bytes += writer.packet(
        [0x00, 0xFA, 0x00, 0x05, 0x02, 0x00, 0xA1, 0x00, 0x00], timestamp: time)
      bytes += writer.packet([0x00, 0xFB, 0x00, 0x03, 0x02, 0x90, 0x00], timestamp: time)
      let file = try TemporaryFile(bytes: bytes)
      expect(
        try await SmartOTP.run("trace", file.path),
        output: Self.text + """
              0.020  note      a packet that is no ISO 14443 frame
              0.020  note      a frame of the reader that is no block: 30, 2 bytes
              0.020  command   SEARCH BINARY
                               00A10000
              0.020  response  9000 success  (0.0 ms, on the air 1.1 ms at 106 kbit/s)

          """)
    }

    @Test("A damaged file is told as far as it goes, then one line says what is wrong")
    func damaged() async throws {
      let bytes = try Self.tap(masking: .secrets)
      let cut = try TemporaryFile(bytes: bytes.dropLast(7))
      let before = Self.text.split(separator: "\n").dropLast().map { "\($0)\n" }.joined()
      expect(
        try await SmartOTP.run("trace", cut.path), output: before,
        errors: "smartotp: cannot explain \(cut.path): it ends in the middle of a block\n",
        status: 65)
      var broken = bytes
      broken[broken.count - 1] = 0xFF
      let damaged = try TemporaryFile(bytes: broken)
      let outcome = try await SmartOTP.run("trace", damaged.path)
      #expect(outcome.output == before)
      #expect(
        outcome.errors.wholeMatch(
          of: #/smartotp: cannot explain .*: a block states the impossible length \d+\n/#) != nil)
      #expect(outcome.status == 65)
    }

    @Test("A file that is no trace is refused in one line")
    func noTrace() async throws {
      for (file, reason) in [
        (try TemporaryFile(""), "it is no pcapng file"),
        (try TemporaryFile("not a capture, just a text"), "it is no pcapng file"),
        (
          try TemporaryFile(
            bytes: PcapngWriter(linkType: 1).header(
              interfaceName: "eth0", application: "x", comment: "y")),
          "no ISO 14443 frames are in it"
        ),
      ] {
        expect(
          try await SmartOTP.run("trace", file.path),
          failure: "cannot explain \(file.path): \(reason)", status: 65)
      }
      expect(
        try await SmartOTP.run("trace", "/nonexistent/a.pcapng"),
        failure: "cannot read /nonexistent/a.pcapng: No such file or directory", status: 65)
      expect(
        try await SmartOTP.run("trace", "/"),
        failure: "cannot explain /: it is no pcapng file", status: 65)
    }

    @Test(
      "tshark sees the same APDUs",
      .enabled(if: Tshark.isInstalled, "tshark is not installed (Debian package tshark)"))
    func agreement() async throws {
      let file = try TemporaryFile()
      let field = try Field(Cards.card(Cards.smartOTP, locked: true))
      expect(
        try await field.run(
          "code", "smartotp:K01:12345678", "--challenge", "79A43E1F1A02C642", "--access-key",
          Cards.accessKeyText, "--trace", file.path), output: "570924\n")
      let ours = try await SmartOTP.run("trace", "--json", file.path).output
        .matches(of: #/"apdu":"([0-9A-F*]+)"/#).map { String($0.output.1) }
      let theirs = try await Tshark.run(
        file, "-Y", "iso14443.inf", "-T", "fields", "-e", "iso14443.inf"
      ).output.split(separator: "\n").map(String.init)
      #expect(ours.count == 6)
      #expect(ours.map { $0.replacing("**", with: "2A").lowercased() } == theirs)
      #expect(ours.filter { $0.hasPrefix("00A2") || $0.hasPrefix("00A4") }.count == 2)
    }
  }
}

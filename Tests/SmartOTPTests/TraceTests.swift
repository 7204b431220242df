import Glibc
import Simulation
import Testing

extension SmartOTPTests {
  @Suite(
    "smartotp --trace",
    .enabled(if: Tshark.isInstalled, "tshark is not installed (Debian package tshark)"))
  struct TraceTests {
    /// The truncated HMAC of the vectors' first transaction, before the modulus.
    private static let secret = "309C9FEC"

    private func trace(_ options: String...) async throws -> TemporaryFile {
      let file = try TemporaryFile()
      let field = try Field(Cards.card(Cards.smartOTP, locked: true))
      expect(
        try await field.start(
          [
            "code", "smartotp:K01:12345678", "--challenge", "79A43E1F1A02C642", "--access-key",
            Cards.accessKeyText, "--trace", file.path,
          ] + options
        ).end(), output: "570924\n")
      return file
    }

    @Test("SELECT, VALIDATE and CALCULATE are ISO 14443 frames to tshark")
    func frames() async throws {
      let file = try await trace()
      expect(
        try await Tshark.run(file, "-T", "fields", "-e", "_ws.col.Info"),
        output: """
          Field on
          REQA
          ATQA
          Anticollision
          UID
          Select
          SAK
          Anticollision
          UID
          Select
          SAK
          RATS
          ATS
          Select file
          Response APDU (to Select file)
          Unknown instruction
          Response APDU (to Unknown instruction)
          Unknown instruction
          Response APDU (to Unknown instruction)
          Field off

          """)
      let details = try await Tshark.run(file, "-V").output
      for line in [
        "APDU Body: a0000005272101",
        "INF: 00a20001", "INF: 00a30000", "[CRC Status: Good]", "Secrets are masked with 2A",
      ] {
        #expect(details.contains(line), "\(line)")
      }
      #expect(!details.contains("Malformed"))
      #expect(!details.contains("Status: Bad"))
    }

    @Test("Codes and proofs of keys are masked unless asked for")
    func masking() async throws {
      let secret = try #require([UInt8](hexadecimal: Self.secret))
      #expect(try await !trace().bytes.contains(secret))
      #expect(try await trace("--trace-secrets").bytes.contains(secret))
    }

    @Test("A trace can be read by its owner only")
    func mode() async throws {
      #expect(try await trace().mode == 0o600)
    }
  }
}

enum Tshark {
  private static let path = "/usr/bin/tshark"
  static var isInstalled: Bool { access(path, X_OK) == 0 }

  static func run(_ file: TemporaryFile, _ arguments: String...) async throws -> Outcome {
    var outcome = try await RunningProgram(
      [path, "-r", file.path, "-d", "iso14443.subdissector,iso7816"] + arguments,
      environment: ["HOME=/tmp", "PATH=/usr/bin:/bin"]
    ).end()
    // Root is warned that it is root.
    outcome.errors = ""
    return outcome
  }
}

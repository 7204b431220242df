import Foundation
import Testing

extension SmartOTPTests {
  @Suite("Help and completion")
  struct HelpTests {
    static let commands = [
      "readers", "poll", "card", "code", "apdu", "trace", "doctor", "bench-reader",
    ]

    @Test("The first help names every command, and every exit status")
    func root() async throws {
      let outcome = try await SmartOTP.run("--help")
      expect(outcome, output: outcome.output)
      expect(try await SmartOTP.run(), output: outcome.output)
      for command in Self.commands {
        #expect(outcome.output.contains("\n  \(command) "))
      }
      for status in [64, 65, 69, 70, 74, 75, 77, 78, 130] {
        #expect(outcome.output.contains(" \(status)"), "\(status)")
      }
    }

    @Test("Each command's help has examples, and explains the options in them", arguments: commands)
    func command(command: String) async throws {
      let outcome = try await SmartOTP.run(command, "--help")
      expect(outcome, output: outcome.output)
      expect(try await SmartOTP.run("help", command), output: outcome.output)
      let (examples, options) = try Self.parts(outcome.output)
      #expect(!examples.isEmpty)
      for example in examples {
        #expect(example.starts(with: "  smartotp \(command)"))
        for option in example.split(separator: " ") where option.starts(with: "--") {
          #expect(options.contains(option), "\(option)")
        }
      }
    }

    /// The lines under `Examples:`, and the text from `OPTIONS:` on.
    private static func parts(_ help: String) throws -> (examples: [Substring], options: Substring)
    {
      let start = try #require(help.range(of: "Examples:\n")?.upperBound)
      let end = try #require(help.range(of: "\n\nUSAGE:")?.lowerBound)
      let options = try #require(help.range(of: "OPTIONS:\n")?.upperBound)
      return (help[start..<end].split(separator: "\n"), help[options...])
    }

    @Test("The version is a version")
    func version() async throws {
      let outcome = try await SmartOTP.run("--version")
      #expect(outcome.output.wholeMatch(of: #/\d+\.\d+\.\d+\n/#) != nil)
      expect(outcome, output: outcome.output)
    }

    @Test("Completion scripts are ones their shells can read", arguments: ["bash", "zsh", "fish"])
    func completion(shell: String) async throws {
      let outcome = try await SmartOTP.run("--generate-completion-script", shell)
      expect(outcome, output: outcome.output)
      for command in Self.commands { #expect(outcome.output.contains(command)) }
      let path = "/usr/bin/\(shell)"
      guard FileManager.default.isExecutableFile(atPath: path) else { return }
      let script = try TemporaryFile(outcome.output)
      let check = try RunningProgram([path, "-n", script.path], environment: [])
      expect(await check.end())
    }
  }
}

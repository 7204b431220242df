import APDUScript
import ArgumentParser
import Glibc
import Reader
import SmartCard

struct APDUCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apdu",
    abstract: "Sends APDUs to the card and prints its answers.",
    discussion: """
      Each argument is one command APDU in hexadecimal; each answer is printed in hexadecimal, \
      status word included. Nothing is sent again, chained or interpreted.

      Without an APDU: at a terminal a shell, where :help shows what there is and Ctrl-C ends the \
      exchange under way; otherwise standard input is a script. A script has one APDU a line, \
      HEX => PATTERN where the answer matters, comments from # on, and :select AID, :deadline MS, \
      :reset and :wait [SECONDS]. It is read whole before anything is sent.

      In a pattern ? and . stand for any digit and * for any bytes: *9000 is any answer that ends \
      well. The status is 65 when an answer is not as expected.

      Examples:
        smartotp apdu 00A4040007A0000005272101
        smartotp apdu --deadline 200 "00 A4 04 00 07 A0 00 00 05 27 21 01" 00A10000
        smartotp apdu 00A4040007A0000005272101 --expect '79*9000'
        smartotp apdu
        smartotp apdu --script acceptance.apdu --keep-going --json
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var cardOptions: CardOptions

  @Option(help: ArgumentHelp("How long each answer may take.", valueName: "ms"))
  var deadline = 1000

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "The answer expected; the first is for the first APDU, and so on.", valueName: "pattern"))
  var expect: [String] = []

  @Option(
    help: ArgumentHelp("Run the script in this file; - is standard input.", valueName: "file"))
  var script: String?

  @Flag(help: "Run on after an answer that is not as expected, and count them.")
  var keepGoing = false

  @Argument(help: "Command APDUs in hexadecimal.")
  var commands: [String] = []

  func validate() throws {
    guard Instruction.deadlines.contains(deadline) else {
      throw ValidationError("--deadline takes 1 to 60000 milliseconds.")
    }
    for text in commands where Hexadecimal.bytes(text) == nil {
      throw ValidationError("'\(text)' is not hexadecimal.")
    }
    guard script == nil || commands.isEmpty else {
      throw ValidationError("Give APDUs or --script, not both.")
    }
    guard expect.count <= commands.count else {
      throw ValidationError("--expect belongs to an APDU: there are more of them than APDUs.")
    }
    for text in expect { _ = try pattern(text) }
  }

  func run() async throws {
    guard let steps = try await steps() else {
      return try await converse { reader, session in
        let conversation = CardConversation(
          session: session, reader: reader, patience: cardOptions.wait,
          deadline: .milliseconds(deadline), activated: { StandardError.line($0.greeting) })
        try await APDUShell(options: options).run(in: conversation)
      }
    }
    try await converse { reader, session in
      let conversation = CardConversation(
        session: session, reader: reader, patience: cardOptions.wait,
        deadline: .milliseconds(deadline))
      try await ScriptRunner(options: options, keepsGoing: keepGoing)
        .run(steps, in: conversation)
    }
  }

  private func converse(
    _ body: (LibNFCReader, ReaderSession) async throws -> Void
  ) async throws {
    let session = try ReaderSession(options: options, traceOptions: cardOptions.trace)
    try await session.run { try await body($0, session) }
  }
}

// MARK: - What to run

extension APDUCommand {
  /// Nil for a person at a terminal.
  private func steps() async throws -> [ScriptRunner.Step]? {
    if !commands.isEmpty { return try argumentSteps() }
    if script == nil, isatty(STDIN_FILENO) == 1 { return nil }
    let name = script.flatMap { $0 == "-" ? nil : $0 }
    let text = try await scriptText(name)
    do throws(ScriptError) {
      return try Script(parsing: text).steps.map {
        ScriptRunner.Step(place: .line($0.line), instruction: $0.instruction)
      }
    } catch {
      throw CommandFailure("\(name ?? "standard input"): \(error.explanation)", .badData)
    }
  }

  private func argumentSteps() throws -> [ScriptRunner.Step] {
    try commands.enumerated().map { index, text in
      let pattern = index < expect.count ? try pattern(expect[index]) : nil
      return ScriptRunner.Step(
        place: .argument(index + 1),
        instruction: .exchange(try parse(text), expecting: pattern))
    }
  }

  private func parse(_ text: String) throws -> CommandAPDU {
    do throws(APDUError) {
      return try CommandAPDU(parsing: Hexadecimal.bytes(text) ?? [])
    } catch {
      throw CommandFailure("'\(text)' is no command APDU: \(error.explanation)", .badData)
    }
  }

  private func pattern(_ text: String) throws -> ResponsePattern {
    do throws(PatternError) {
      return try ResponsePattern(parsing: text)
    } catch {
      throw ValidationError("--expect '\(text)': \(error.explanation)")
    }
  }

  private func scriptText(_ path: String?) async throws -> [UInt8] {
    guard let path else { return try await CancellableInput().all(limit: Script.maximumLength) }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      let reason = String(cString: strerror(errno))
      throw CommandFailure(
        "cannot read \(path): \(reason)", errno == EACCES ? .permission : .badData)
    }
    defer { close(descriptor) }
    return try await CancellableInput(descriptor).all(limit: Script.maximumLength)
  }
}

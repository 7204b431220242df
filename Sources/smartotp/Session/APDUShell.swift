import APDUScript
import Reader
import SmartCard
import Synchronization

/// `smartotp apdu` at a terminal: a line, an answer. Answers go to standard output, all else to
/// standard error. Ctrl-C ends what is under way and nothing else.
final class APDUShell: Sendable {
  private let options: GlobalOptions
  private let input = CancellableInput()
  private let exchange = Mutex<Task<CardConversation.Answer?, any Error>?>(nil)

  init(options: GlobalOptions) { self.options = options }

  private static let help = """
    A line of hexadecimal is sent to the card; it may end in => PATTERN, the answer expected.
      :select AID         select an application by its AID
      :deadline MS        how long each answer may take
      :reset              switch the field off and on, activate the same card again
      :wait [SECONDS]     wait for a card, this one or another
      :help, :quit
    In a pattern ? and . stand for any digit, * for any bytes. From # on it is a comment.
    """

  /// - Throws: `CommandFailure` when the program is told to end.
  func run(in conversation: CardConversation) async throws {
    Interruption.whileTyping { [self] in interrupt() }
    defer { Interruption.whileTyping(nil) }
    StandardError.line("A line of hexadecimal is sent; :help shows what else there is.")
    while let line = try await nextLine() {
      do throws(InstructionError) {
        guard let instruction = try Instruction(parsing: line) else { continue }
        if instruction == .quit { return }
        await perform(instruction, in: conversation)
      } catch {
        StandardError.line(error.explanation)
      }
    }
  }

  /// What Ctrl-C does.
  private func interrupt() {
    guard let exchange = exchange.withLock({ $0 }) else { return input.interrupt() }
    exchange.cancel()
  }

  /// The longest line taken; a terminal's own limit is lower.
  private static let lineLimit = 1 << 18

  /// - Returns: nil at the end of the input.
  private func nextLine() async throws -> String? {
    var line: [UInt8] = []
    StandardError.text("> ")
    while line.last != 0x0A, line.count < Self.lineLimit {
      switch await input.next() {
      case .bytes(let bytes): line += bytes
      case .end:
        StandardError.line("")
        return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
      case .interrupted:
        if Task.isCancelled { throw CommandFailure("interrupted", .interrupted) }
        StandardError.text("\n> ")
        line = []
      }
    }
    return String(decoding: line, as: UTF8.self)
  }

  private func perform(_ instruction: Instruction, in conversation: CardConversation) async {
    if instruction == .help { return StandardError.line(Self.help) }
    let running = Task { try await conversation.perform(instruction) }
    exchange.withLock { $0 = running }
    defer { exchange.withLock { $0 = nil } }
    do {
      let answer = try await withTaskCancellationHandler {
        try await running.value
      } onCancel: {
        running.cancel()
      }
      if let answer { show(answer, to: instruction) }
    } catch {
      guard !running.isCancelled else { return StandardError.line("\ninterrupted") }
      StandardError.line((error as? CommandFailure)?.message ?? "\(error)")
    }
  }

  private func show(_ answer: CardConversation.Answer, to instruction: Instruction) {
    guard case .exchange(let command, let pattern) = instruction else { return }
    let response = answer.response
    APDUAnswer(response, to: command, expecting: pattern).show(asJSON: options.json)
    StandardError.line(
      "\(response.statusWord) \(response.statusWord.explanation), \(Self.text(answer.time))")
    if let pattern, !pattern.matches(response) {
      StandardError.line("not as expected: \(pattern)")
    }
  }

  /// Milliseconds, to a tenth.
  private static func text(_ time: Duration) -> String {
    let (seconds, attoseconds) = time.components
    let tenths = seconds * 10_000 + attoseconds / 100_000_000_000_000
    return "\(tenths / 10).\(tenths % 10) ms"
  }
}

extension Activation {
  /// For a person in the shell.
  var greeting: String {
    let type = if case .typeA = self { "A" } else { "B" }
    return "card \(Hexadecimal.text(uid)), type \(type); nothing is selected on it"
  }
}

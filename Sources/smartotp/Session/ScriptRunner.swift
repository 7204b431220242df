import APDUScript
import Reader
import SmartCard

/// Runs instructions in order, shows the answers and holds them against what is expected.
struct ScriptRunner {
  /// Where an instruction stands.
  enum Place {
    /// On the command line; counted from 1.
    case argument(Int)
    case line(Int)

    var line: Int? { if case .line(let number) = self { number } else { nil } }
  }

  struct Step {
    var place: Place
    var instruction: Instruction
  }

  let options: GlobalOptions
  /// Whether a mismatch is counted, and what follows is run.
  let keepsGoing: Bool

  /// - Throws: `CommandFailure` for a mismatch, for a card that fails, for a reader that fails.
  func run(_ steps: [Step], in conversation: CardConversation) async throws {
    var expected = 0
    var mismatches = 0
    for step in steps {
      guard let answer = try await perform(step, in: conversation),
        case .exchange(let command, let pattern) = step.instruction
      else { continue }
      options.note("\(answer.response.statusWord): \(answer.response.statusWord.explanation)")
      APDUAnswer(answer.response, to: command, expecting: pattern, line: step.place.line)
        .show(asJSON: options.json)
      guard let pattern else { continue }
      expected += 1
      guard
        let mismatch = APDUAnswer.mismatch(answer.response, to: command, expecting: pattern)
      else { continue }
      mismatches += 1
      let failure = CommandFailure("\(step.place): \(mismatch)", .badData)
      guard keepsGoing else { throw failure }
      StandardError.line("smartotp: \(failure.message)")
    }
    guard mismatches > 0 else { return }
    throw CommandFailure("\(mismatches) of \(expected) answers are not as expected", .badData)
  }

  private func perform(
    _ step: Step, in conversation: CardConversation
  ) async throws -> CardConversation.Answer? {
    do {
      return try await conversation.perform(step.instruction)
    } catch let failure as CommandFailure {
      guard step.place.line != nil else { throw failure }
      throw CommandFailure("\(step.place): \(failure.message)", failure.status)
    }
  }
}

extension ScriptRunner.Place: CustomStringConvertible {
  var description: String {
    switch self {
    case .argument(let number): "APDU \(number)"
    case .line(let number): "line \(number)"
    }
  }
}

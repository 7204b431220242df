import SmartCard

/// What one line asks for.
public enum Instruction: Hashable, Sendable {
  /// Send this; the answer must be as the pattern says, if there is one.
  case exchange(CommandAPDU, expecting: ResponsePattern?)
  /// How long each answer may take from now on.
  case deadline(milliseconds: Int)
  /// Switch the field off and on, and activate the same card again.
  case reset
  /// Wait for a card, this one or another.
  case wait(seconds: Int?)
  /// Say what there is to say.
  case help
  /// End the shell.
  case quit

  /// Milliseconds an answer may be given.
  public static let deadlines = 1...60_000
  /// Seconds a card may be waited for.
  public static let waits = 0...3600
}

/// Why a line asks for nothing.
public enum InstructionError: Error, Hashable, Sendable {
  case notHexadecimal(String)
  /// A digit is missing or too many.
  case halfByte(digits: Int)
  case notCommand(APDUError)
  case pattern(PatternError)
  /// No command before `=>`.
  case nothingToSend
  /// More than one `=>`.
  case severalPatterns
  case unknownWord(String)
  /// A word that takes something else after it; what.
  case argument(word: String, takes: String)
  /// A word that makes sense at the terminal only.
  case onlyInteractive(String)

  /// One line for a human.
  public var explanation: String {
    switch self {
    case .notHexadecimal(let text): "'\(text)' is not hexadecimal"
    case .halfByte(let digits): "\(digits) hexadecimal digits are no whole bytes"
    case .notCommand(let error): "no command APDU: \(error.explanation)"
    case .pattern(let error): error.explanation
    case .nothingToSend: "there is nothing to send before =>"
    case .severalPatterns: "more than one => in a line"
    case .unknownWord(let word):
      "there is no '\(word)'; there are :select, :deadline, :reset and :wait"
    case .argument(let word, let takes): "\(word) takes \(takes)"
    case .onlyInteractive(let word): "\(word) is for the interactive shell"
    }
  }
}

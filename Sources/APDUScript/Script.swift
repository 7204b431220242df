/// Instructions in order, and the lines they came from.
public struct Script: Hashable, Sendable {
  public struct Step: Hashable, Sendable {
    /// Counted from 1.
    public var line: Int
    public var instruction: Instruction

    public init(line: Int, instruction: Instruction) {
      self.line = line
      self.instruction = instruction
    }
  }

  public var steps: [Step]

  /// The longest text that is read, in bytes.
  public static let maximumLength = 1 << 20
}

/// Why text is no script.
public enum ScriptError: Error, Hashable, Sendable {
  case line(Int, InstructionError)
  /// No line asks for anything.
  case empty
  /// More than `Script.maximumLength`.
  case tooLong

  /// One line for a human.
  public var explanation: String {
    switch self {
    case .line(let number, let error): "line \(number): \(error.explanation)"
    case .empty: "no line of it holds an APDU"
    case .tooLong: "it is longer than \(Script.maximumLength) bytes"
    }
  }
}

extension Script {
  /// Reads one instruction a line. Lines end with a line feed, or with carriage return and line feed.
  ///
  /// - Throws: the first error, with its line.
  public init(parsing text: [UInt8]) throws(ScriptError) {
    guard text.count <= Self.maximumLength else { throw .tooLong }
    var steps: [Step] = []
    let lines = text.split(separator: 0x0A, omittingEmptySubsequences: false)
    for (index, bytes) in lines.enumerated() {
      let line = String(decoding: bytes, as: UTF8.self)
      do throws(InstructionError) {
        guard let instruction = try Instruction(parsing: line) else { continue }
        if let word = instruction.interactiveWord { throw .onlyInteractive(word) }
        steps.append(Step(line: index + 1, instruction: instruction))
      } catch {
        throw .line(index + 1, error)
      }
    }
    guard !steps.isEmpty else { throw .empty }
    self.steps = steps
  }
}

extension Instruction {
  fileprivate var interactiveWord: String? {
    switch self {
    case .help: ":help"
    case .quit: ":quit"
    case .exchange, .deadline, .reset, .wait: nil
    }
  }
}

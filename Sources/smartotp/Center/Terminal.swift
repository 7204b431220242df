import Glibc
import Synchronization

/// Questions to a person at a terminal.
enum Terminal {
  static var isInteractive: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

  private static let maximumByteCount = 1024

  /// Asks until the answer is one.
  ///
  /// - Parameters:
  ///   - option: what gives the answer where nobody can be asked.
  ///   - parse: the answer's value; an error it throws is shown, and the question asked again.
  static func ask<Value>(
    _ question: String, option: String, parse: (String) throws -> Value
  ) async throws -> Value {
    guard isInteractive else {
      throw CommandFailure("\(option) is missing, and there is no terminal to ask at", .usage)
    }
    for _ in 0..<5 {
      StandardError.text("\(question): ")
      let answer: String
      do { answer = try await line() } catch {
        StandardError.text("\n")
        throw error
      }
      do { return try parse(answer) } catch {
        StandardError.line("  \(CommandFailure(layer: error)?.message ?? "\(error)")")
      }
    }
    throw CommandFailure("five answers in a row were none to: \(question)", .usage)
  }

  /// Asks which of some words is meant; an unambiguous beginning will do.
  static func choose<Choice: CaseIterable & RawRepresentable>(
    _ question: String, option: String, default preset: Choice
  ) async throws -> Choice where Choice.RawValue == String {
    let words = Choice.allCases.map(\.rawValue)
    return try await ask(
      "\(question) (\(words.joined(separator: ", "))) [\(preset.rawValue)]", option: option
    ) { answer in answer.isEmpty ? preset : try choice(answer, of: words) }
  }

  /// Asks which of some words is meant; nothing is an answer too.
  static func chooseOrNone<Choice: CaseIterable & RawRepresentable>(
    _ question: String, option: String
  ) async throws -> Choice? where Choice.RawValue == String {
    let words = Choice.allCases.map(\.rawValue)
    return try await ask(
      "\(question) (\(words.joined(separator: ", "))) [none]", option: option
    ) { answer in answer.isEmpty ? nil : try choice(answer, of: words) as Choice }
  }

  private static func choice<Choice: RawRepresentable>(
    _ answer: String, of words: [String]
  ) throws -> Choice where Choice.RawValue == String {
    let fitting = words.filter { $0.hasPrefix(answer.lowercased()) }
    guard let word = fitting.first, fitting.count == 1, let choice = Choice(rawValue: word) else {
      throw CommandFailure("one of \(words.joined(separator: ", "))", .usage)
    }
    return choice
  }

  /// Asks yes or no.
  static func confirm(_ question: String, default preset: Bool, option: String) async throws -> Bool
  {
    try await ask("\(question) [\(preset ? "Y/n" : "y/N")]", option: option) { answer in
      switch answer.lowercased() {
      case "": preset
      case "y", "yes": true
      case "n", "no": false
      default: throw CommandFailure("y or n", .usage)
      }
    }
  }

  /// A secret, not shown while it is typed.
  static func secret(_ question: String, option: String) async throws -> [UInt8] {
    guard isInteractive else {
      throw CommandFailure("\(option) is missing, and there is no terminal to ask at", .usage)
    }
    hide()
    defer {
      restore()
      StandardError.text("\n")
    }
    StandardError.text("\(question): ")
    return Array(try await line().utf8)
  }

  /// The settings to go back to while what is typed is not shown.
  private static let shown = Mutex<termios?>(nil)

  private static func hide() {
    var settings = termios()
    guard tcgetattr(STDIN_FILENO, &settings) == 0 else { return }
    shown.withLock { $0 = settings }
    settings.c_lflag &= ~tcflag_t(ECHO)
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
  }

  /// Has the terminal show what is typed, as it did before; whoever ends the program in the middle
  /// of a secret calls it first.
  static func restore() {
    shown.withLock { settings in
      guard var settings = settings.take() else { return }
      tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
    }
  }

  /// A line without its end. Waits in steps, so that Ctrl-C is heard.
  private static func line() async throws -> String {
    var bytes: [UInt8] = []
    while true {
      var event = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      guard poll(&event, 1, 0) > 0 else {
        try await Task.sleep(for: .milliseconds(50))
        continue
      }
      var byte: UInt8 = 0
      guard read(STDIN_FILENO, &byte, 1) == 1, bytes.count < maximumByteCount else {
        throw CommandFailure("the answer did not come", .usage)
      }
      if byte == 0x0A { return trimmed(bytes) }
      bytes.append(byte)
    }
  }

  private static func trimmed(_ bytes: [UInt8]) -> String {
    let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    return String(
      decoding: bytes.drop(while: isBlank).reversed().drop(while: isBlank).reversed(),
      as: UTF8.self)
  }
}

import SmartCard

extension Instruction {
  /// Reads one line: `HEX`, `HEX => PATTERN`, or a word that begins with a colon. From `#` on it is a
  /// comment.
  ///
  /// - Returns: nil when there is nothing in it.
  public init?(parsing line: some StringProtocol) throws(InstructionError) {
    let text = Self.trimmed(line.prefix { $0 != "#" })
    guard let first = text.first else { return nil }
    if first == ":" {
      try self.init(words: text)
    } else {
      let (sent, pattern) = try Self.expectation(in: text)
      self = .exchange(try Self.command(sent), expecting: pattern)
    }
  }

  /// The command APDU that hexadecimal text stands for.
  private static func command(_ text: Substring) throws(InstructionError) -> CommandAPDU {
    guard !text.isEmpty else { throw .nothingToSend }
    let bytes = try bytes(text)
    do throws(APDUError) {
      return try CommandAPDU(parsing: bytes)
    } catch {
      throw .notCommand(error)
    }
  }

  /// Digits of either case; spaces, tabs and colons are no matter.
  private static func bytes(_ text: Substring) throws(InstructionError) -> [UInt8] {
    let digits = text.filter { !" \t:".contains($0) }
    guard digits.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
      throw .notHexadecimal(Excerpt.of(text))
    }
    guard let bytes = Hexadecimal.bytes(digits) else {
      throw .halfByte(digits: digits.utf8.count)
    }
    return bytes
  }

  /// What stands before `=>`, and the pattern after it.
  private static func expectation(
    in text: Substring
  ) throws(InstructionError) -> (Substring, ResponsePattern?) {
    let parts = text.split(separator: "=>", omittingEmptySubsequences: false)
    guard parts.count > 1 else { return (text, nil) }
    guard parts.count == 2 else { throw .severalPatterns }
    do throws(PatternError) {
      return (trimmed(parts[0]), try ResponsePattern(parsing: parts[1]))
    } catch {
      throw .pattern(error)
    }
  }

  private static func trimmed(_ text: some StringProtocol) -> Substring {
    var text = Substring(text)
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return text.drop { $0.isWhitespace }
  }
}

extension Instruction {
  /// A line that begins with a colon.
  private init(words text: Substring) throws(InstructionError) {
    let word = text.prefix { !$0.isWhitespace }
    let rest = Self.trimmed(text[word.endIndex...])
    switch word {
    case ":select": self = try Self.selection(rest)
    case ":deadline":
      let takes = "\(Self.deadlines.lowerBound) to \(Self.deadlines.upperBound) milliseconds"
      guard let number = Int(rest), Self.deadlines.contains(number) else {
        throw .argument(word: ":deadline", takes: takes)
      }
      self = .deadline(milliseconds: number)
    case ":wait":
      guard !rest.isEmpty else {
        self = .wait(seconds: nil)
        return
      }
      let takes = "\(Self.waits.lowerBound) to \(Self.waits.upperBound) seconds, or nothing"
      guard let number = Int(rest), Self.waits.contains(number) else {
        throw .argument(word: ":wait", takes: takes)
      }
      self = .wait(seconds: number)
    case ":reset", ":help", ":quit":
      guard rest.isEmpty else { throw .argument(word: String(word), takes: "nothing") }
      self = word == ":reset" ? .reset : word == ":help" ? .help : .quit
    default: throw .unknownWord(Excerpt.of(word))
    }
  }

  /// SELECT by DF name (ISO/IEC 7816-4, 11.2.2), as our own OATH client sends it: without Le.
  private static func selection(_ text: Substring) throws(InstructionError) -> Instruction {
    let (name, pattern) = try expectation(in: text)
    let aid = try bytes(name)
    guard (1...16).contains(aid.count) else {
      throw .argument(word: ":select", takes: "an AID of 1 to 16 bytes")
    }
    return .exchange(
      CommandAPDU(cla: 0x00, ins: 0xA4, p1: 0x04, p2: 0x00, data: aid), expecting: pattern)
  }
}

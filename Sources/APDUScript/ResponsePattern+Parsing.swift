/// Why text is no pattern for a response.
public enum PatternError: Error, Hashable, Sendable {
  case empty
  /// Neither a digit nor a wildcard.
  case unexpectedCharacter(String)
  /// A byte has one digit only; how many digits and wildcards stand together there.
  case halfByte(digits: Int)
  /// More than the longest response.
  case tooLong

  /// One line for a human.
  public var explanation: String {
    switch self {
    case .empty: "the expected answer is missing"
    case .unexpectedCharacter(let character):
      "'\(character)' in the expected answer is neither a hexadecimal digit nor ?, . or *"
    case .halfByte(let digits):
      "the expected answer has \(digits) digits in a row; a byte takes two"
    case .tooLong: "the expected answer is longer than any answer"
    }
  }
}

extension ResponsePattern {
  /// The longest response: 65,536 bytes of data and a status word.
  private static let maximumBytes = 65_538

  /// - Parameter text: digits of either case and wildcards; spaces, tabs and colons are no matter.
  public init(parsing text: some StringProtocol) throws(PatternError) {
    var parts: [[Byte]] = [[]]
    var half: Byte?
    var digits = 0
    var count = 0
    for character in text where !" \t:".contains(character) {
      guard character != "*" else {
        if half != nil { throw .halfByte(digits: digits) }
        // Two stars in a row say no more than one.
        if parts.count == 1 || parts.last?.isEmpty == false { parts.append([]) }
        digits = 0
        continue
      }
      let nibble = try Self.nibble(character)
      digits += 1
      guard let high = half else {
        half = nibble
        continue
      }
      half = nil
      count += 1
      guard count <= Self.maximumBytes else { throw .tooLong }
      parts[parts.count - 1].append(
        Byte(value: high.value << 4 | nibble.value, mask: high.mask << 4 | nibble.mask))
    }
    if half != nil { throw .halfByte(digits: digits) }
    guard parts.count > 1 || parts.first?.isEmpty == false else { throw .empty }
    self.parts = parts
  }

  private static func nibble(_ character: Character) throws(PatternError) -> Byte {
    if character == "?" || character == "." { return Byte(value: 0, mask: 0) }
    guard character.isASCII, let value = character.hexDigitValue else {
      throw .unexpectedCharacter(Excerpt.of(String(character)))
    }
    return Byte(value: UInt8(truncatingIfNeeded: value), mask: 0x0F)
  }
}

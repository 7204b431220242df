/// Text of which every value is well-formed: it can only be made from text that its type accepts.
public protocol CheckedText: Hashable, Sendable, Codable, CustomStringConvertible, Comparable {
  /// What the text is, and its rule, for a message: "vendor code, 1 to 8 of A-Z and 0-9".
  static var rule: String { get }
  static func accepts(_ text: String) -> Bool
  var text: String { get }
  /// For text that is known to be accepted.
  init(accepted text: String)
}

/// Text that breaks the rule of the value it should become.
public struct InvalidText: Error, Equatable, Sendable {
  /// The rule that was broken.
  public let rule: String

  public init(rule: String) { self.rule = rule }
}

extension DecodingError {
  /// A text that breaks its rule: the rule, and not the text, is the error's description.
  static func dataCorrupted(_ error: InvalidText, at path: [any CodingKey]) -> DecodingError {
    .dataCorrupted(
      Context(codingPath: path, debugDescription: error.rule, underlyingError: error))
  }
}

extension CheckedText {
  /// - Throws: `InvalidText`, naming the rule and not the text.
  public init(_ text: String) throws(InvalidText) {
    guard Self.accepts(text) else { throw InvalidText(rule: Self.rule) }
    self.init(accepted: text)
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard Self.accepts(text) else {
      throw DecodingError.dataCorrupted(InvalidText(rule: Self.rule), at: container.codingPath)
    }
    self.init(accepted: text)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }

  public var description: String { text }

  public static func < (left: Self, right: Self) -> Bool { left.text < right.text }

  /// Whether `text` has `lengths` characters, all of A-Z, 0-9 and `others`.
  static func isUppercase(
    _ text: String, lengths: ClosedRange<Int>, others: [UInt8] = []
  ) -> Bool {
    lengths.contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte) || others.contains(byte)
      }
  }
}

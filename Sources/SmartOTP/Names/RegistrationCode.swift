import Cryptography

/// A one-time code that lets a person register a device, or a card on a device: ten characters of
/// Crockford's base32 in two groups, `7ZK3Q-J0V5N`. Good for one use within ten minutes.
public struct RegistrationCode: Sendable, Codable, CustomStringConvertible, CustomReflectable {
  public static let lifetimeSeconds: Int64 = 600
  static let characterCount = 10

  /// Without the hyphen, in the alphabet's own characters.
  public let characters: String

  /// Reads what a person typed: case, hyphens and look-alike letters do not matter.
  public init(typed: String) throws(InvalidText) {
    guard let text = CrockfordBase32.normalized(typed), text.utf8.count == Self.characterCount
    else {
      throw InvalidText(rule: "a registration code is ten letters and digits, such as 7ZK3Q-J0V5N")
    }
    characters = text
  }

  private init(characters: String) { self.characters = characters }

  /// A new one, of 50 random bits.
  public static func random() throws(CryptographyError) -> Self {
    let symbols = CrockfordBase32.text(of: try randomBytes(count: 7)).prefix(characterCount)
    return Self(characters: String(symbols))
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    do {
      try self.init(typed: try container.decode(String.self))
    } catch let error as InvalidText {
      throw DecodingError.dataCorrupted(error, at: container.codingPath)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(grouped)
  }

  /// As it is shown to the person: two groups of five.
  public var grouped: String { "\(characters.prefix(5))-\(characters.suffix(5))" }

  public var description: String { "<registration code>" }
  public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}

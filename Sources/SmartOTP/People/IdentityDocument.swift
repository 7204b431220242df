/// An identity document as a customer shows it. The number is personal: it is kept only as a keyed
/// hash, and never printed.
public struct IdentityDocument: Hashable, Sendable, Codable, CustomStringConvertible,
  CustomReflectable
{
  public enum Kind: String, CaseIterable, Sendable, Codable {
    case residentCard = "resident-card"
    case passport
    case driverLicence = "driver-licence"
    case alienRegistration = "alien-registration"

    /// The type in a certificate subject's serialNumber (ETSI EN 319 412-1, 5.1.3), where national
    /// types have two letters and a colon.
    public var semanticIdentifier: String {
      switch self {
      case .residentCard: "IDC"
      case .passport: "PAS"
      case .driverLicence: "DL:"
      case .alienRegistration: "AR:"
      }
    }
  }

  public let kind: Kind
  /// ISO 3166-1 alpha-2.
  public let country: String
  /// Capitals and digits; spaces and hyphens are taken out.
  public let number: String

  /// - Throws: `InvalidText` for a country that is not two capitals, or a number that does not have
  ///   4 to 32 letters and digits.
  public init(kind: Kind, country: String = "KR", number: String) throws(InvalidText) {
    guard country.utf8.count == 2, country.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
      throw InvalidText(rule: "a country is two capitals, such as KR")
    }
    let plain = number.uppercased().filter { $0 != " " && $0 != "-" }
    guard (4...32).contains(plain.utf8.count), plain.utf8.allSatisfy(Self.isLetterOrDigit) else {
      throw InvalidText(rule: "an identity document's number has 4 to 32 letters and digits")
    }
    self.kind = kind
    self.country = country
    self.number = plain
  }

  /// What a certificate names: `PASKR-M12345678` (ETSI EN 319 412-1, 5.1.3).
  public init?(semanticIdentifier: String) {
    for kind in Kind.allCases where semanticIdentifier.hasPrefix(kind.semanticIdentifier) {
      let rest = semanticIdentifier.dropFirst(kind.semanticIdentifier.count)
      guard rest.dropFirst(2).first == "-" else { return nil }
      let document = try? IdentityDocument(
        kind: kind, country: String(rest.prefix(2)), number: String(rest.dropFirst(3)))
      guard let document else { return nil }
      self = document
      return
    }
    return nil
  }

  /// The last three characters, enough for two people to be sure they mean the same document.
  public var lastCharacters: String { String(number.suffix(3)) }

  /// What is hashed under the centre's key.
  public var hashedBytes: [UInt8] { Array("\(kind.rawValue)|\(country)|\(number)".utf8) }

  public var description: String { "<\(kind.rawValue)>" }
  public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
  }

  private enum CodingKeys: String, CodingKey { case kind, country, number }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    do {
      try self.init(
        kind: try container.decode(Kind.self, forKey: .kind),
        country: try container.decodeIfPresent(String.self, forKey: .country) ?? "KR",
        number: try container.decode(String.self, forKey: .number))
    } catch let error as InvalidText {
      throw DecodingError.dataCorrupted(error, at: container.codingPath)
    }
  }
}

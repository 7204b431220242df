import Cryptography

/// A name that the centre draws for something it keeps: a prefix and 80 random bits in Crockford's
/// base32, `dev-7ZK3QJ0V5N2M8R4T`.
public struct Identifier<Entity: IdentifiedEntity>: CheckedText {
  public static var rule: String {
    "\(Entity.article) id is \(Entity.idPrefix)- and 16 of Crockford's base32"
  }
  public let text: String

  public init(accepted text: String) { self.text = text }

  public static func accepts(_ text: String) -> Bool {
    let prefix = Entity.idPrefix + "-"
    guard text.hasPrefix(prefix) else { return false }
    let body = text.utf8.dropFirst(prefix.utf8.count)
    return body.count == CrockfordBase32.symbolCount(bits: 80)
      && body.allSatisfy { CrockfordBase32.alphabet.contains($0) }
  }

  /// A new one.
  public static func random() throws(CryptographyError) -> Self {
    let body = CrockfordBase32.text(of: try randomBytes(count: 10))
    return Self(accepted: "\(Entity.idPrefix)-\(body)")
  }
}

/// What has an `Identifier`.
public protocol IdentifiedEntity {
  static var idPrefix: String { get }
  /// With its article, for a message: "a device".
  static var article: String { get }
}

public enum ApplicationEntity: IdentifiedEntity {
  public static let idPrefix = "app"
  public static let article = "an application"
}
public enum CustomerEntity: IdentifiedEntity {
  public static let idPrefix = "cus"
  public static let article = "a customer"
}
public enum DeviceEntity: IdentifiedEntity {
  public static let idPrefix = "dev"
  public static let article = "a device"
}
public enum RegistrationEntity: IdentifiedEntity {
  public static let idPrefix = "reg"
  public static let article = "a registration"
}
public enum TokenEntity: IdentifiedEntity {
  public static let idPrefix = "tok"
  public static let article = "a token"
}
public typealias ApplicationID = Identifier<ApplicationEntity>
public typealias CustomerID = Identifier<CustomerEntity>
public typealias DeviceID = Identifier<DeviceEntity>
public typealias RegistrationID = Identifier<RegistrationEntity>
public typealias TokenID = Identifier<TokenEntity>

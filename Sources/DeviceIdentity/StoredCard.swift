import Cryptography
import SmartOTP

/// A card on this device, with the access key that lets it calculate.
public struct StoredCard: Sendable {
  static let filePrefix = "card."

  public let card: CardIdentity
  public let issuer: InstitutionCode
  public let issuerName: String
  /// The id that the card's application shows when it is selected, once it was tapped here. It
  /// tells which card this may be before its key is tried, and proves nothing.
  public var applicationID: [UInt8]?
  /// `K_acc`, 16 bytes.
  public let accessKey: SecretBytes
  /// The cardholder's, as the centre has it; nil leaves it to the appliance.
  public var language: Language?

  public init(
    card: CardIdentity, issuer: InstitutionCode, issuerName: String, applicationID: [UInt8]?,
    accessKey: SecretBytes, language: Language? = nil
  ) {
    self.card = card
    self.issuer = issuer
    self.issuerName = issuerName
    self.applicationID = applicationID
    self.accessKey = accessKey
    self.language = language
  }
}

extension DeviceState {
  /// The cards on this device, in the order of their names.
  public func cards() throws(DeviceIdentityError) -> [StoredCard] {
    var cards: [StoredCard] = []
    for name in try directory.names(from: StoredCard.filePrefix, to: "") {
      // A write that broke off: its card was never on this device.
      guard !name.hasSuffix(".new") else { continue }
      guard let bytes = try directory.read(name) else { continue }
      guard let card = StoredCard(try seal.open(bytes, as: name)), card.fileName == name else {
        throw .damaged("\(directory.path)/\(name)")
      }
      cards.append(card)
    }
    return cards
  }

  /// - Throws: `cardUnknown`.
  public func card(_ identity: CardIdentity) throws(DeviceIdentityError) -> StoredCard {
    guard let card = try cards().first(where: { $0.card == identity }) else {
      throw .cardUnknown(identity)
    }
    return card
  }

  /// Puts a card on this device, in place of the same card before.
  public func save(_ card: StoredCard) throws(DeviceIdentityError) {
    try directory.locked { () throws(DeviceIdentityError) in
      let others = try cards().filter { $0.card != card.card }
      guard others.count < Self.maximumCardCount else { throw DeviceIdentityError.tooManyCards }
      try directory.write(
        try seal.seal(card.content, as: card.fileName), to: card.fileName)
    }
  }

  /// Notes what the centre has on record for a card; of one that is gone, nothing.
  public func setLanguage(
    _ language: Language?, of identity: CardIdentity
  ) throws(DeviceIdentityError) {
    try directory.locked { () throws(DeviceIdentityError) in
      guard var card = try cards().first(where: { $0.card == identity }),
        card.language != language
      else { return }
      card.language = language
      try directory.write(
        try seal.seal(card.content, as: card.fileName), to: card.fileName)
    }
  }

  /// Forgets a card's key; it may be gone already.
  public func remove(_ card: CardIdentity) throws(DeviceIdentityError) {
    try directory.locked { () throws(DeviceIdentityError) in
      try directory.remove(StoredCard.fileName(of: card))
    }
  }
}

extension StoredCard {
  static func fileName(of card: CardIdentity) -> String {
    "\(filePrefix)\(card.vendorCode).\(card.serial)"
  }

  fileprivate var fileName: String { Self.fileName(of: card) }

  /// The key, then the rest as a record.
  fileprivate var content: SecretBytes {
    var record = StateRecord()
    record["card"] = card.description
    record["issuer"] = issuer.text
    record["issuer-name"] = issuerName
    record["application-id"] = applicationID?.hexadecimal
    record["language"] = language?.rawValue
    return SecretBytes(concatenating: [accessKey, SecretBytes(record.bytes)])
  }

  fileprivate init?(_ content: SecretBytes) {
    let count = KeyDelivery.accessKeyByteCount
    guard content.count > count else { return nil }
    var key = content.withUnsafeBytes { Array($0.prefix(count)) }
    accessKey = SecretBytes(wiping: &key)
    guard let record = StateRecord(content.withUnsafeBytes { Array($0.dropFirst(count)) }),
      let card = record["card"].flatMap({ try? CardIdentity($0) }),
      let issuer = record["issuer"].flatMap({ try? InstitutionCode($0) }),
      let issuerName = record["issuer-name"]
    else { return nil }
    self.card = card
    self.issuer = issuer
    self.issuerName = issuerName
    applicationID = record["application-id"].flatMap { [UInt8](hexadecimal: $0) }
    // Files of before have none.
    language = record["language"].flatMap(Language.init(rawValue:))
  }
}

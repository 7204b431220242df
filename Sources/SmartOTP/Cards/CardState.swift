/// Where a card is in its life. It moves forward only.
public enum CardState: String, CaseIterable, Sendable, Codable {
  /// Its keys are drawn and may be on it; a card pulled too early goes on from here.
  case reserved
  /// The issuing device says the keys are on the card; the card has yet to prove it.
  case keyed
  /// It proved its key: it makes codes.
  case active
  /// Reported lost: nothing takes it again.
  case lost
  /// Given up before it was active, or taken out of use.
  case retired

  public func mayBecome(_ next: CardState) -> Bool {
    switch (self, next) {
    case (.reserved, .keyed), (.keyed, .keyed), (.keyed, .active): true
    case (.reserved, .retired), (.keyed, .retired), (.active, .retired): true
    case (.active, .lost): true
    default: false
    }
  }
}

/// A card as the centre keeps it, without its keys.
public struct Card: Hashable, Sendable, Codable {
  public let card: CardIdentity
  public let issuer: InstitutionCode
  public let customer: CustomerID
  public var state: CardState
  /// Wrong codes in a row, over all institutions.
  public var wrongCodes: Int
  /// In which an appliance speaks to the cardholder; nil leaves it to the appliance.
  public var language: Language?
  public let createdAt: UnixTime

  /// So many wrong codes in a row lock a card (protocol.md, section 3).
  public static let wrongCodeLimit = 10

  public var isLocked: Bool { wrongCodes >= Self.wrongCodeLimit }

  public init(
    card: CardIdentity, issuer: InstitutionCode, customer: CustomerID, state: CardState,
    wrongCodes: Int, language: Language? = nil, createdAt: UnixTime
  ) {
    self.card = card
    self.issuer = issuer
    self.customer = customer
    self.state = state
    self.wrongCodes = wrongCodes
    self.language = language
    self.createdAt = createdAt
  }
}

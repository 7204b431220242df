/// A customer's application for a card, at the institution that would issue it.
public struct CardApplication: Hashable, Sendable, Codable {
  public enum State: String, CaseIterable, Sendable, Codable {
    /// Taken; no card yet.
    case open
    /// A card is reserved for it.
    case personalizing
    /// Its card is active.
    case issued
    case withdrawn
  }

  public let id: ApplicationID
  public let institution: InstitutionCode
  public let customer: CustomerID
  public let customerName: String
  public var state: State
  /// The card reserved or issued.
  public var card: CardIdentity?
  /// The customer's; its card is made with it.
  public let language: Language?
  public let createdAt: UnixTime

  public init(
    id: ApplicationID, institution: InstitutionCode, customer: CustomerID, customerName: String,
    state: State, card: CardIdentity?, language: Language? = nil, createdAt: UnixTime
  ) {
    self.id = id
    self.institution = institution
    self.customer = customer
    self.customerName = customerName
    self.state = state
    self.card = card
    self.language = language
    self.createdAt = createdAt
  }
}

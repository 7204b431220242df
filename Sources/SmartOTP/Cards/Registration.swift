/// A card's registration with an institution, which may then ask for its codes.
public struct Registration: Hashable, Sendable, Codable {
  public enum Channel: String, CaseIterable, Sendable, Codable {
    /// With the issuer, by being issued.
    case issue
    case inPerson = "in-person"
    case online
  }

  public enum State: String, CaseIterable, Sendable, Codable {
    /// In person: the identity document was checked, the card has yet to prove its key.
    case awaitingProof = "awaiting-proof"
    case registered
    case withdrawn
  }

  public let id: RegistrationID
  public let card: CardIdentity
  public let institution: InstitutionCode
  public let channel: Channel
  public var state: State
  public let createdAt: UnixTime

  public init(
    id: RegistrationID, card: CardIdentity, institution: InstitutionCode, channel: Channel,
    state: State, createdAt: UnixTime
  ) {
    self.id = id
    self.card = card
    self.institution = institution
    self.channel = channel
    self.state = state
    self.createdAt = createdAt
  }
}

import SmartOTP

/// What an institution asks of the centre about applications and cards.
extension CenterClient {
  public func institutions() async throws(CenterServiceError) -> [Institution] {
    try await all(at: "/v1/institutions")
  }

  public func institution(
    _ code: InstitutionCode
  ) async throws(CenterServiceError) -> Institution {
    try await value(of: .get("/v1/institutions/\(code)"))
  }

  public func apply(_ form: ApplicationForm) async throws(CenterServiceError) -> CardApplication {
    try await value(of: .post("/v1/applications", repetition: .keyed), sending: form)
  }

  public func application(
    _ id: ApplicationID
  ) async throws(CenterServiceError) -> CardApplication {
    try await value(of: .get("/v1/applications/\(id)"))
  }

  public func applications() async throws(CenterServiceError) -> [CardApplication] {
    try await all(at: "/v1/applications")
  }

  public func withdrawApplication(
    _ id: ApplicationID
  ) async throws(CenterServiceError) -> CardApplication {
    try await value(of: .post("/v1/applications/\(id)/withdrawal"))
  }

  /// The card for an application, the same one when asked again.
  public func reserveCard(
    for application: ApplicationID, _ request: CardReservationRequest
  ) async throws(CenterServiceError) -> CardReservation {
    try await value(
      of: .post("/v1/applications/\(application)/card", repetition: .keyed), sending: request)
  }

  public func card(_ card: CardIdentity) async throws(CenterServiceError) -> Card {
    try await value(of: .get("/v1/cards/\(card.path)"))
  }

  public func cards() async throws(CenterServiceError) -> [Card] {
    try await all(at: "/v1/cards")
  }

  /// Says on which card the keys are about to be written. Refused (`cardState`) when they were begun
  /// on another.
  public func keysBegun(
    _ card: CardIdentity, on message: KeysBegun
  ) async throws(CenterServiceError) -> Card {
    try await value(
      of: .post("/v1/cards/\(card.path)/keys-begun", repetition: .harmless), sending: message)
  }

  /// Says that the keys are on the card; every time a new challenge comes back.
  public func keysWritten(
    to card: CardIdentity
  ) async throws(CenterServiceError) -> ProofChallenge {
    try await value(of: .post("/v1/cards/\(card.path)/keys-written", repetition: .harmless))
  }

  public func prove(
    _ card: CardIdentity, _ proof: ProofSubmission
  ) async throws(CenterServiceError) -> Card {
    try await value(of: .post("/v1/cards/\(card.path)/proof"), sending: proof)
  }

  public func abandon(
    _ card: CardIdentity, reason: String
  ) async throws(CenterServiceError) -> Card {
    try await end(card, "abandonment", reason)
  }

  public func reportLost(
    _ card: CardIdentity, reason: String
  ) async throws(CenterServiceError) -> Card {
    try await end(card, "loss", reason)
  }

  public func retire(_ card: CardIdentity, reason: String) async throws(CenterServiceError) -> Card
  {
    try await end(card, "retirement", reason)
  }

  public func unlock(
    _ card: CardIdentity, document: IdentityDocument
  ) async throws(CenterServiceError) -> Card {
    try await value(
      of: .post("/v1/cards/\(card.path)/unlock"),
      sending: InPersonRequest(identityDocument: document))
  }

  public func issueRegistrationCode(
    _ request: RegistrationCodeRequest
  ) async throws(CenterServiceError) -> IssuedRegistrationCode {
    try await value(of: .post("/v1/registration-codes", repetition: .keyed), sending: request)
  }

  private func end(
    _ card: CardIdentity, _ how: String, _ reason: String
  ) async throws(CenterServiceError) -> Card {
    try await value(
      of: .post("/v1/cards/\(card.path)/\(how)"), sending: CardWithdrawal(reason: reason))
  }
}

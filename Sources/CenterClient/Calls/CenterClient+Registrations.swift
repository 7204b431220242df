import SmartOTP

/// A card's registrations with further institutions.
extension CenterClient {
  public func registrations(
    of card: CardIdentity
  ) async throws(CenterServiceError) -> [Registration] {
    try await all(at: "/v1/cards/\(card.path)/registrations")
  }

  public func beginRegistration(
    _ request: InPersonRegistrationRequest
  ) async throws(CenterServiceError) -> InPersonRegistration {
    try await value(of: .post("/v1/registrations", repetition: .keyed), sending: request)
  }

  public func completeRegistration(
    _ id: RegistrationID, _ proof: ProofSubmission
  ) async throws(CenterServiceError) -> Registration {
    try await value(of: .post("/v1/registrations/\(id)/proof"), sending: proof)
  }

  public func registerOnline(
    _ request: SignedRegistrationRequest
  ) async throws(CenterServiceError) -> Registration {
    try await value(of: .post("/v1/registrations/online", repetition: .keyed), sending: request)
  }

  public func withdrawRegistration(
    _ id: RegistrationID
  ) async throws(CenterServiceError) -> Registration {
    try await value(of: .post("/v1/registrations/\(id)/withdrawal"))
  }
}

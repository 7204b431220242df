import SmartOTP

/// What an institution asks of the centre about its third-party tokens.
extension CenterClient {
  public func tokens() async throws(CenterServiceError) -> [Token] {
    try await all(at: "/v1/tokens")
  }

  public func token(_ id: TokenID) async throws(CenterServiceError) -> Token {
    try await value(of: .get("/v1/tokens/\(id)"))
  }

  /// Hands a code in. It counts when it arrives, so it is never sent a second time.
  public func verify(
    _ code: CodeSubmission, of token: TokenID
  ) async throws(CenterServiceError) -> TokenVerification {
    try await value(of: .post("/v1/tokens/\(token)/verification"), sending: code)
  }

  /// Finds a token whose counter or clock ran away, by two codes in a row.
  public func resynchronize(
    _ token: TokenID, _ codes: ResynchronizationRequest
  ) async throws(CenterServiceError) -> TokenVerification {
    try await value(of: .post("/v1/tokens/\(token)/resynchronization"), sending: codes)
  }

  /// Draws a question for an OCRA token; a new one voids the one before.
  public func challenge(_ token: TokenID) async throws(CenterServiceError) -> TokenChallenge {
    try await value(of: .post("/v1/tokens/\(token)/challenges", repetition: .harmless))
  }

  public func unlock(_ token: TokenID) async throws(CenterServiceError) -> Token {
    try await value(of: .post("/v1/tokens/\(token)/unlock", repetition: .harmless))
  }
}

import SmartOTP

extension CenterAPI {
  func tokens(_ call: Call) async throws -> Page<Token> {
    try await store.tokens(of: call.institution(), call.page())
  }

  func token(_ call: Call) async throws -> Token {
    let token = try await store.token(call.path.value("id", or: .tokenUnknown))
    try call.require(token.institution)
    return token
  }

  func verifyToken(_ call: Call, _ submission: CodeSubmission) async throws -> TokenVerification {
    let token = try await token(call)
    return try await store.verify(
      token.id, code: oneTimeCode(submission.code, key: "code"), as: call.caller)
  }

  func resynchronizeToken(
    _ call: Call, _ request: ResynchronizationRequest
  ) async throws -> TokenVerification {
    let token = try await token(call)
    return try await store.resynchronize(
      token.id, first: oneTimeCode(request.first, key: "first"),
      second: oneTimeCode(request.second, key: "second"), as: call.caller)
  }

  func challengeToken(_ call: Call) async throws -> TokenChallenge {
    try await store.challenge(token(call).id, as: call.caller)
  }

  func unlockToken(_ call: Call) async throws -> Token {
    try await store.unlockToken(token(call).id, as: call.caller)
  }
}

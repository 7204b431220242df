import SmartOTP

/// What an institution asks of the centre about transactions.
extension CenterClient {
  /// - Parameter idempotencyKey: under which the same request posts one transaction within a day,
  ///   1 to 64 visible ASCII characters; nil for a fresh one.
  public func post(
    _ request: TransactionRequest, idempotencyKey: String? = nil
  ) async throws(CenterServiceError) -> Transaction {
    var call = CenterCall.post("/v1/transactions", repetition: .keyed)
    call.idempotencyKey = idempotencyKey
    return try await value(of: call, sending: request)
  }

  public func transaction(_ id: TransactionID) async throws(CenterServiceError) -> Transaction {
    try await value(of: .get("/v1/transactions/\(id)"))
  }

  public func transactions(
    _ request: PageRequest
  ) async throws(CenterServiceError) -> Page<Transaction> {
    try await page(at: "/v1/transactions", request)
  }

  /// Hands a code in. It counts when it arrives, so it is never sent a second time.
  public func verify(
    _ code: CodeSubmission, for transaction: TransactionID
  ) async throws(CenterServiceError) -> Verification {
    try await value(of: .post("/v1/transactions/\(transaction)/verification"), sending: code)
  }
}

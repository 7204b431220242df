import OneTimePassword
import SmartOTP

extension CenterAPI {
  func transactions(_ call: Call) async throws -> Page<Transaction> {
    try await store.transactions(of: call.institution(), call.page(), at: call.now)
  }

  func postTransaction(_ call: Call, _ request: TransactionRequest) async throws -> Transaction {
    try await store.post(request, by: call.institution(), as: call.caller)
  }

  /// For the institution that posted it and devices that have the card.
  func transaction(_ call: Call) async throws -> Transaction {
    let transaction = try await store.transaction(call.transactionID(), at: call.now)
    if case .device(let id) = call.actor {
      guard try await store.cards(on: id).contains(where: { $0.card == transaction.card }) else {
        throw Refusal(.notYours)
      }
    } else {
      try call.require(transaction.institution)
    }
    return transaction
  }

  func claim(_ call: Call, _ request: ClaimRequest) async throws -> Transaction {
    try await store.claim(
      call.transactionID(), card: request.card, by: call.device(), as: call.caller)
  }

  func cancel(_ call: Call) async throws -> Transaction {
    try await store.cancel(transaction(call).id, as: call.caller)
  }

  /// The one call that must be fast: whose transaction it is, the store checks along with the code.
  func verify(_ call: Call, _ submission: CodeSubmission) async throws -> Verification {
    try await store.verify(
      call.transactionID(), code: oneTimeCode(submission.code, key: "code"), as: call.caller)
  }

  func oneTimeCode(_ digits: String, key: String) throws(Refusal) -> OneTimeCode {
    guard let code = OneTimeCode(asciiDigits: digits.utf8) else {
      throw Refusal(.invalidValue, "\(key): 4 to 10 digits")
    }
    return code
  }
}

extension Call {
  fileprivate func transactionID() throws(Refusal) -> TransactionID {
    try path.value("id", or: .transactionUnknown)
  }
}

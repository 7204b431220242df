import Center
import SmartOTP

extension CenterAPI {
  func cards(_ call: Call) async throws -> Page<Card> {
    try await store.cards(of: call.institution(), call.page())
  }

  /// For its issuer, institutions it is registered with, devices that have it, and operators.
  func card(_ call: Call) async throws -> Card {
    let card = try await store.card(call.path.card())
    guard try await knows(call, card) else { throw Refusal(.notYours) }
    return card
  }

  func keysBegun(_ call: Call, _ message: KeysBegun) async throws -> Card {
    try await store.keysBegun(issuedCard(call), on: message.bytes(), as: call.caller)
  }

  func keysWritten(_ call: Call) async throws -> ProofChallenge {
    try await store.keysWritten(issuedCard(call), as: call.caller)
  }

  func proveCard(_ call: Call, _ proof: ProofSubmission) async throws -> Card {
    let card = try await issuedCard(call)
    return try await store.prove(card, response: proof.bytes(), as: call.caller)
  }

  func abandonCard(_ call: Call, _ withdrawal: CardWithdrawal) async throws -> Card {
    try await store.abandon(issuedCard(call), reason: withdrawal.reason, as: call.caller)
  }

  func reportLoss(_ call: Call, _ withdrawal: CardWithdrawal) async throws -> Card {
    let card = try await card(call)
    return try await store.reportLost(card.card, reason: withdrawal.reason, as: call.caller)
  }

  func retireCard(_ call: Call, _ withdrawal: CardWithdrawal) async throws -> Card {
    try await store.retire(issuedCard(call), reason: withdrawal.reason, as: call.caller)
  }

  func unlockCard(_ call: Call, _ request: InPersonRequest) async throws -> Card {
    try await store.unlock(
      issuedCard(call), document: request.identityDocument, as: call.caller)
  }

  /// The card of the address, which the caller must have issued.
  private func issuedCard(_ call: Call) async throws -> CardIdentity {
    let card = try await store.card(call.path.card())
    try call.require(card.issuer)
    return card.card
  }

  private func knows(_ call: Call, _ card: Card) async throws -> Bool {
    switch call.actor {
    case .operator, .center: return true
    case .anonymous: return false
    case .device(let id): return try await store.cards(on: id).contains { $0.card == card.card }
    case .institution(let code):
      if card.issuer == code { return true }
      return try await registrations(of: card.card, with: code).contains {
        $0.state == .registered
      }
    }
  }
}

extension KeysBegun {
  func bytes() throws(Refusal) -> [UInt8] {
    guard let bytes = [UInt8](hexadecimal: applicationID), Self.byteCounts.contains(bytes.count)
    else { throw Refusal(.invalidValue, "applicationID: 1 to 64 bytes in hex") }
    return bytes
  }
}

extension ProofSubmission {
  func bytes() throws(Refusal) -> [UInt8] {
    guard let bytes = [UInt8](hexadecimal: response), bytes.count == 32 else {
      throw Refusal(.invalidValue, "response: 32 bytes in hex")
    }
    return bytes
  }
}

import Center
import GRDB
import SmartOTP

extension SQLiteStore {
  public func beginRegistration(
    of card: CardIdentity, with institution: InstitutionCode, document: IdentityDocument,
    as caller: Caller
  ) async throws(Refusal) -> (Registration, ProofChallenge, CardKeys) {
    try await write { work in
      // Only what is public is kept for a repeated request: the keys are the card's, then as now.
      let begun = try work.once(for: caller) {
        try work.beginRegistration(of: card, with: institution, document: document, as: caller)
      }
      let row = try work.requireCard(card)
      if let refusal = row.standing.activityRefusal { throw refusal }
      return (begun.registration, begun.challenge, try work.keys(of: row))
    }
  }

  public func completeRegistration(
    _ id: RegistrationID, response: [UInt8], as caller: Caller
  ) async throws(Refusal) -> Registration {
    let result: Result<Registration, Refusal> = try await write { work in
      let row = try work.requireRegistration(id)
      try work.require(caller, toBe: row.registration.institution)
      guard let card = try work.database.card(number: row.cardNumber) else {
        throw Refusal(.cardUnknown)
      }
      if let refusal = card.standing.activityRefusal { throw refusal }
      guard row.registration.state == .awaitingProof, let challenge = row.challenge else {
        throw Refusal(.proofNotExpected)
      }
      guard try work.proves(card, response: response, over: challenge) else {
        // A wrong proof is on record and its challenge is gone, so this is not thrown.
        try work.database.run(
          "UPDATE registrations SET challenge = NULL WHERE number = ?", .integer(row.number))
        try work.record(
          "registration.proof-wrong", row.auditSubject, row.auditDetail, as: caller)
        return .failure(Refusal(.proofWrong))
      }
      try work.setRegistration(row.number, to: .registered)
      try work.record("registration.made", row.auditSubject, row.auditDetail, as: caller)
      return .success(try work.requireRegistration(id).registration)
    }
    return try result.get()
  }
}

/// What the first step of a registration in person gives, without keys.
private struct BegunRegistration: Codable {
  let registration: Registration
  let challenge: ProofChallenge
}

extension UnitOfWork {
  fileprivate func beginRegistration(
    of card: CardIdentity, with institution: InstitutionCode, document: IdentityDocument,
    as caller: Caller
  ) throws -> BegunRegistration {
    try require(caller, toBe: institution)
    _ = try activeInstitution(institution)
    let card = try requireCard(card)
    if let refusal = card.standing.useRefusal { throw refusal }
    try require(document, of: card.customer)
    let earlier = try database.registration(of: card.number, with: institution)
    guard earlier?.registration.state != .registered else { throw Refusal(.alreadyRegistered) }
    let id =
      try earlier?.registration.id
      ?? insertRegistration(
        of: card.number, with: institution, channel: .inPerson, state: .awaitingProof,
        at: caller.now)
    let challenge = try drawCardChallenge()
    try database.run(
      "UPDATE registrations SET challenge = ? WHERE id = ?", .blob(challenge), .text(id.text))
    let row = try requireRegistration(id)
    try record("registration.begun", row.auditSubject, row.auditDetail, as: caller)
    return BegunRegistration(
      registration: row.registration, challenge: ProofChallenge(challenge: challenge.hexadecimal))
  }
}

import Center
import Cryptography
import GRDB
import OneTimePassword
import SmartOTP

extension SQLiteStore {
  public func verify(
    _ id: TransactionID, code: OneTimeCode, as caller: Caller
  ) async throws(Refusal) -> Verification {
    try await write { work in
      let row = try work.verificationRow(id)
      try work.require(caller, toBe: row.institution)
      if let refusal = row.standing.verificationRefusal(at: caller.now) { throw refusal }
      let expected = try work.code(of: row)
      let outcome = row.standing.outcome(codeIsRight: expected == code)
      try work.write(outcome, to: row)
      try work.record(
        outcome.auditAction, "transaction:\(id)", "card:\(row.card)", as: caller)
      if outcome.state.isFinal {
        // Whatever device still shows the code, or waits with the transaction, lets go of it.
        try work.push(
          .transactionClosed, card: row.cardNumber, transaction: id, at: caller.now)
      }
      if outcome.locksCard {
        try work.record(
          "card.locked", "card:\(row.card)", "\(outcome.wrongCodes) wrong codes in a row",
          as: caller)
      }
      return outcome.verification
    }
  }
}

/// What a verification needs of a transaction and its card.
private struct VerificationRow {
  let number: Int64
  let institution: InstitutionCode
  let cardNumber: Int64
  let card: CardIdentity
  let challenge: [UInt8]
  let sealedKey: [UInt8]
  let standing: TransactionStanding
}

extension UnitOfWork {
  fileprivate func verificationRow(_ id: TransactionID) throws -> VerificationRow {
    let row = try database.first(
      """
      SELECT transactions.number, transactions.institution, transactions.state, attempts_left,
        expires_at, challenge_time, transactions.challenge, cards.number, cards.vendor_code,
        cards.serial, cards.state, cards.wrong_codes, cards.transaction_key
      FROM transactions JOIN cards ON cards.number = transactions.card
      WHERE transactions.id = ?
      """, .text(id.text)
    ) { row in
      VerificationRow(
        number: row.integer(0), institution: try row.checked(1), cardNumber: row.integer(7),
        card: try row.card(8), challenge: row.blob(6), sealedKey: row.blob(12),
        standing: TransactionStanding(
          state: try row.word(2), attemptsLeft: row.int(3), expiresAt: row.time(4),
          challengeTime: row.optional(5, row.time),
          card: CardStanding(state: try row.word(10), wrongCodes: row.int(11))))
    }
    guard let row else { throw Refusal(.transactionUnknown) }
    return row
  }

  /// The code that the card makes of the challenge of the last claim.
  fileprivate func code(of row: VerificationRow) throws -> OneTimeCode {
    let key = try ring.open(row.sealedKey, from: CardKeyPlace.transaction(row.card))
    let mac = try hmac(.sha256, key: key, message: row.challenge)
    guard let response = TruncatedResponse(truncating: mac) else { throw Refusal(.internalError) }
    return TransactionCode.code(from: response)
  }

  fileprivate func write(_ outcome: CodeOutcome, to row: VerificationRow) throws {
    try database.run(
      "UPDATE transactions SET state = ?, attempts_left = ? WHERE number = ?",
      .text(outcome.state.rawValue), .int(outcome.attemptsLeft), .integer(row.number))
    // Most codes are right and follow a right one: then the card's page is only read.
    guard outcome.wrongCodes != row.standing.card.wrongCodes else { return }
    try database.run(
      "UPDATE cards SET wrong_codes = ? WHERE number = ?", .int(outcome.wrongCodes),
      .integer(row.cardNumber))
  }
}

extension CodeOutcome {
  fileprivate var auditAction: String {
    switch (result, state) {
    case (.accepted, _): "transaction.verified"
    case (.wrong, .rejected): "transaction.rejected"
    case (.wrong, _): "transaction.code-wrong"
    }
  }
}

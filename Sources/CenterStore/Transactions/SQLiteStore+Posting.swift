import Center
import Cryptography
import GRDB
import SmartOTP

extension SQLiteStore {
  public func post(
    _ request: TransactionRequest, by institution: InstitutionCode, as caller: Caller
  ) async throws(Refusal) -> Transaction {
    if let refusal = request.refusal { throw refusal }
    // Drawn and encoded here, so that the writer, which there is one of, only writes.
    let prepared = try prepare(request, by: institution, as: caller)
    return try await write { work in
      if let earlier: Transaction = try work.earlierAnswer(to: caller) { return earlier }
      try work.require(caller, toBe: institution)
      let card = try work.cardForTransaction(request.card)
      guard try work.isRegistered(card.number, with: institution) else {
        throw try work.refusal(of: card.number, card.standing, to: institution)
      }
      if let refusal = card.standing.useRefusal { throw refusal }
      let transaction = prepared.transaction
      try work.insert(transaction, card: card.number)
      try work.record(
        "transaction.posted", "transaction:\(transaction.id)", "card:\(request.card)", as: caller)
      try work.push(
        .transactionPending, card: card.number, transaction: transaction.id, at: caller.now)
      try work.keep(prepared.answer)
      return transaction
    }
  }

  /// The nonce is drawn last, when everything that the code vouches for is fixed.
  private func prepare(
    _ request: TransactionRequest, by institution: InstitutionCode, as caller: Caller
  ) throws(Refusal) -> (transaction: Transaction, answer: KeptAnswer?) {
    do {
      let transaction = Transaction(
        id: try .random(), institution: institution, card: request.card, kind: request.kind,
        fields: request.fields, reference: request.reference, state: .pending,
        createdAt: caller.now, expiresAt: caller.now + request.lifetime,
        attemptsLeft: Transaction.attemptLimit,
        nonce: try randomBytes(count: 16).hexadecimal, challengeTime: nil)
      return (transaction, try KeptAnswer(transaction, for: caller, under: keys.ring))
    } catch { throw Refusal(error) }
  }
}

extension UnitOfWork {
  func insert(_ transaction: Transaction, card: Int64) throws {
    try database.run(
      """
      INSERT INTO transactions (id, institution, card, kind, state, attempts_left, created_at,
        expires_at, nonce, reference, fields)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      .text(transaction.id.text), .text(transaction.institution.text), .integer(card),
      .text(transaction.kind.rawValue), .text(transaction.state.rawValue),
      .int(transaction.attemptsLeft), .integer(transaction.createdAt.seconds),
      .integer(transaction.expiresAt.seconds), .blob([UInt8](hexadecimal: transaction.nonce)),
      .text(transaction.reference), .blob(transaction.fields.columnBytes))
  }

  /// A card that is gone, or not in use yet, is said to be so to those who know it; its registrations
  /// went with it.
  fileprivate func refusal(
    of card: Int64, _ standing: CardStanding, to institution: InstitutionCode
  ) throws -> Refusal {
    guard let refusal = standing.activityRefusal else { return Refusal(.notRegistered) }
    let isKnown = try database.exists(
      """
      SELECT 1 FROM cards WHERE number = ?1 AND issuer = ?2
      UNION ALL SELECT 1 FROM registrations WHERE card = ?1 AND institution = ?2
      """, .integer(card), .text(institution.text))
    return isKnown ? refusal : Refusal(.notRegistered)
  }

  /// What a posting needs of a card, without its customer.
  fileprivate func cardForTransaction(
    _ card: CardIdentity
  ) throws -> (number: Int64, standing: CardStanding) {
    let row = try database.first(
      "SELECT number, state, wrong_codes FROM cards WHERE vendor_code = ? AND serial = ?",
      .text(card.vendorCode.text), .text(card.serial.text)
    ) { row in
      (
        number: row.integer(0),
        standing: CardStanding(state: try row.word(1), wrongCodes: row.int(2))
      )
    }
    guard let row else { throw Refusal(.cardUnknown) }
    return row
  }
}

import Center
import SmartOTP

extension UnitOfWork {
  /// The last state of a card: its keys are destroyed.
  func end(_ card: CardRow, as state: CardState) throws {
    try database.run(
      """
      UPDATE cards
      SET challenge = NULL, transaction_key = NULL, access_key = NULL, state = ?
      WHERE number = ?
      """, .text(state.rawValue), .integer(card.number))
  }

  /// Ends a card, and in the same step everything that hangs on it: registrations, its place on
  /// devices, open transactions. An application whose card never was active is open again.
  func withdrawEverywhere(_ card: CardRow, to state: CardState, as caller: Caller) throws {
    try push(.cardWithdrawn, card: card.number, transaction: nil, at: caller.now)
    try cancelOpenTransactions(of: card, with: nil, as: caller)
    try database.run("DELETE FROM device_cards WHERE card = ?", .integer(card.number))
    try database.run(
      """
      UPDATE registrations SET challenge = NULL, state = 'withdrawn'
      WHERE card = ? AND state IN ('awaiting-proof', 'registered')
      """, .integer(card.number))
    try database.run(
      "UPDATE registration_codes SET used_at = ? WHERE card = ? AND used_at IS NULL",
      .integer(caller.now.seconds), .integer(card.number))
    try end(card, as: state)
    if card.card.state != .active { try setApplication(card.application, to: .open, card: nil) }
  }

  /// - Parameter institution: only its transactions; nil for all.
  func cancelOpenTransactions(
    of card: CardRow, with institution: InstitutionCode?, as caller: Caller
  ) throws {
    let open = try database.all(
      """
      SELECT number, id, institution FROM transactions
      WHERE card = ? AND state IN ('pending', 'claimed')
      """, .integer(card.number)
    ) { (number: $0.integer(0), id: try $0.checked(1) as TransactionID, institution: $0.text(2)) }
    for transaction in open
    where institution == nil || transaction.institution == institution?.text {
      try database.run(
        "UPDATE transactions SET state = 'cancelled' WHERE number = ?",
        .integer(transaction.number))
      try record(
        "transaction.cancelled", "transaction:\(transaction.id)", card.auditSubject, as: caller)
      try push(
        .transactionClosed, card: card.number, transaction: transaction.id, at: caller.now)
    }
  }

  /// Lets the issuer and every institution with which the card is registered speak about it; of a
  /// card that is gone, those with which it was.
  func requireRegistered(_ caller: Caller, with card: CardRow) throws {
    guard case .institution(let code) = caller.actor else {
      return try require(caller, toBe: card.card.issuer)
    }
    _ = try activeInstitution(code)
    if code == card.card.issuer { return }
    let isKnownThere =
      card.card.state == .active
      ? try isRegistered(card.number, with: code)
      : try database.exists(
        "SELECT 1 FROM registrations WHERE card = ? AND institution = ?", .integer(card.number),
        .text(code.text))
    guard isKnownThere else { throw Refusal(.notRegistered) }
  }

  func isRegistered(_ card: Int64, with institution: InstitutionCode) throws -> Bool {
    try database.exists(
      """
      SELECT 1 FROM registrations
      WHERE card = ? AND institution = ? AND state = 'registered'
      """, .integer(card), .text(institution.text))
  }
}

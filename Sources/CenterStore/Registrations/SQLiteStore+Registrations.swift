import Center
import GRDB
import SmartOTP

extension SQLiteStore: RegistrationStore {
  public func registrations(
    of card: CardIdentity, _ page: PageRequest
  ) async throws(Refusal) -> Page<Registration> {
    try await read { database in
      guard let row = try database.card(card) else { throw Refusal(.cardUnknown) }
      let rows = try database.all(
        """
        SELECT \(RegistrationRow.columns) FROM \(RegistrationRow.tables)
        WHERE registrations.card = ? AND registrations.number > ?
        ORDER BY registrations.number LIMIT ?
        """, .integer(row.number), .integer(try page.start(default: 0)), page.rowLimit
      ) { columns in
        let row = try RegistrationRow(columns: columns)
        return Numbered(number: row.number, item: row.registration)
      }
      return Page(rows, page)
    }
  }

  public func registration(_ id: RegistrationID) async throws(Refusal) -> Registration {
    try await read { database in
      guard let row = try database.registration(id) else { throw Refusal(.registrationUnknown) }
      return row.registration
    }
  }

  public func withdraw(
    _ id: RegistrationID, as caller: Caller
  ) async throws(Refusal) -> Registration {
    try await write { work in
      let row = try work.requireRegistration(id)
      guard let card = try work.database.card(number: row.cardNumber) else {
        throw Refusal(.cardUnknown)
      }
      let isIssuer = caller.actor == .institution(card.card.issuer)
      try work.require(
        caller, toBe: isIssuer ? card.card.issuer : row.registration.institution)
      guard row.registration.channel != .issue else {
        throw Refusal(.cardState, "the issuer's own registration goes with the card only")
      }
      guard row.registration.state != .withdrawn else { return row.registration }
      try work.setRegistration(row.number, to: .withdrawn)
      try work.record("registration.withdrawn", row.auditSubject, row.auditDetail, as: caller)
      // What the institution had posted could not be verified any more.
      try work.cancelOpenTransactions(
        of: card, with: row.registration.institution, as: caller)
      return try work.requireRegistration(id).registration
    }
  }
}

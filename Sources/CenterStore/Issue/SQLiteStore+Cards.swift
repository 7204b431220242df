import Center
import GRDB
import SmartOTP

extension SQLiteStore: IssueStore {
  public func card(_ card: CardIdentity) async throws(Refusal) -> Card {
    try await read { database in
      guard let row = try database.card(card) else { throw Refusal(.cardUnknown) }
      return row.card
    }
  }

  public func cards(
    of issuer: InstitutionCode, _ page: PageRequest
  ) async throws(Refusal) -> Page<Card> {
    try await read { database in
      let rows = try database.all(
        """
        SELECT \(CardRow.columns) FROM \(CardRow.tables)
        WHERE cards.issuer = ? AND cards.number > ? ORDER BY cards.number LIMIT ?
        """,
        .text(issuer.text), .integer(try page.start(default: 0)), page.rowLimit
      ) { columns in
        let row = try CardRow(columns: columns)
        return Numbered(number: row.number, item: row.card)
      }
      return Page(rows, page)
    }
  }

  public func abandon(
    _ card: CardIdentity, reason: String, as caller: Caller
  ) async throws(Refusal) -> Card {
    try await step(.abandonment, card, action: "card.abandoned", reason: reason, as: caller) {
      work, row in
      try work.require(caller, toBe: row.card.issuer)
    }
  }

  public func reportLost(
    _ card: CardIdentity, reason: String, as caller: Caller
  ) async throws(Refusal) -> Card {
    try await step(.loss, card, action: "card.lost", reason: reason, as: caller) { work, row in
      try work.requireRegistered(caller, with: row)
    }
  }

  public func retire(
    _ card: CardIdentity, reason: String, as caller: Caller
  ) async throws(Refusal) -> Card {
    try await step(.retirement, card, action: "card.retired", reason: reason, as: caller) {
      work, row in
      try work.require(caller, toBe: row.card.issuer)
    }
  }

  public func unlock(
    _ card: CardIdentity, document: IdentityDocument, as caller: Caller
  ) async throws(Refusal) -> Card {
    try await write { work in
      let row = try work.requireCard(card)
      try work.require(caller, toBe: row.card.issuer)
      if let refusal = row.standing.activityRefusal { throw refusal }
      guard row.standing.isLocked else { throw Refusal(.cardNotLocked) }
      try work.require(document, of: row.customer)
      try work.database.run(
        "UPDATE cards SET wrong_codes = 0 WHERE number = ?", .integer(row.number))
      try work.record("card.unlocked", row.auditSubject, as: caller)
      return try work.requireCard(card).card
    }
  }

  public func setLanguage(
    of card: CardIdentity, to language: Language?, as caller: Caller
  ) async throws(Refusal) -> Card {
    try await write { work in
      let row = try work.requireCard(card)
      try work.require(caller, toBe: row.card.issuer)
      if let refusal = row.standing.activityRefusal { throw refusal }
      guard row.card.language != language else { return row.card }
      try work.database.run(
        "UPDATE cards SET language = ? WHERE number = ?", .text(language?.rawValue),
        .integer(row.number))
      try work.record(
        "card.language", row.auditSubject, language?.rawValue ?? "left to the appliance",
        as: caller)
      return try work.requireCard(card).card
    }
  }

  private func step(
    _ step: CardStep, _ card: CardIdentity, action: String, reason: String, as caller: Caller,
    authorize: @escaping @Sendable (UnitOfWork, CardRow) throws -> Void
  ) async throws(Refusal) -> Card {
    try await write { work in
      let row = try work.requireCard(card)
      try authorize(work, row)
      guard isPlainText(reason, 0...256) else {
        throw Refusal(.invalidValue, "reason: up to 256 bytes without controls")
      }
      switch row.standing.outcome(of: step) {
      case .refused(let refusal): throw refusal
      case .unchanged: return row.card
      case .becomes(let state):
        try work.record(action, row.auditSubject, reason, as: caller)
        try work.withdrawEverywhere(row, to: state, as: caller)
        return try work.requireCard(card).card
      }
    }
  }
}

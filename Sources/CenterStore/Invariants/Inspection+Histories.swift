import Center
import GRDB
import SmartOTP

extension Inspection {
  /// The challenge kept with a transaction is that of its details and its last claim.
  func challengeViolations() throws -> [InvariantViolation] {
    var violations: [InvariantViolation] = []
    try database.each(
      """
      SELECT \(TransactionRow.columns), transactions.challenge FROM \(TransactionRow.tables)
      WHERE transactions.challenge IS NOT NULL
      """
    ) { columns in
      let row = try TransactionRow(columns: columns)
      guard try row.transaction.challenge().bytes != columns.blob(TransactionRow.columnCount) else {
        return
      }
      violations.append(
        InvariantViolation(
          rule: "a transaction's challenge is that of its details", place: row.auditSubject))
    }
    return violations
  }

  /// What the record tells of each card and transaction is a legal life, and ends where the row is.
  func historyViolations() throws -> [InvariantViolation] {
    try transactionHistoryViolations() + cardHistoryViolations()
  }

  private func transactionHistoryViolations() throws -> [InvariantViolation] {
    let rule = "a transaction is where its record leads, by one accepted code at most"
    return try violations(of: rule, in: "transactions", Self.transactionRecords) {
      id, actions in
      var history = TransactionHistory()
      for action in actions { history.add(action) }
      let row = try database.first(
        "SELECT state, attempts_left FROM transactions WHERE id = ?", .text(id)
      ) { (state: try $0.word(0) as TransactionState, attemptsLeft: $0.int(1)) }
      return history.isLegal && row?.state == history.state
        && row?.attemptsLeft == history.attemptsLeft
    }
  }

  private func cardHistoryViolations() throws -> [InvariantViolation] {
    let rule = "a card is where its record leads, with every wrong code counted"
    return try violations(of: rule, in: "cards", Self.cardRecords) { text, actions in
      var history = CardHistory()
      for action in actions { history.add(action) }
      let card = try CardIdentity(text)
      let row = try database.first(
        "SELECT state, wrong_codes FROM cards WHERE vendor_code = ? AND serial = ?",
        .text(card.vendorCode.text), .text(card.serial.text)
      ) { (state: try $0.word(0) as CardState, wrongCodes: $0.int(1)) }
      return history.isLegal && row?.state == history.state
        && row?.wrongCodes == history.wrongCodes
    }
  }

  private static let transactionRecords = """
    SELECT substr(subject, length('transaction:') + 1) AS name, action FROM audit
    WHERE subject GLOB 'transaction:*' ORDER BY name, number
    """

  /// The records of a card, and those of its transactions' codes.
  private static let cardRecords = """
    SELECT substr(iif(subject GLOB 'card:*', subject, detail), length('card:') + 1) AS name, action
    FROM audit
    WHERE subject GLOB 'card:*'
      OR action IN ('transaction.verified', 'transaction.code-wrong', 'transaction.rejected')
    ORDER BY name, number
    """

  /// Gathers each row's actions in their order, and counts that every row has some.
  private func violations(
    of rule: String, in table: String, _ records: String,
    isSound: (String, [String]) throws -> Bool
  ) throws -> [InvariantViolation] {
    var violations: [InvariantViolation] = []
    var name: String?
    var actions: [String] = []
    var count: Int64 = 0
    func close() throws {
      guard let name else { return }
      count += 1
      if try !isSound(name, actions) {
        violations.append(InvariantViolation(rule: rule, place: "\(table): \(name)"))
      }
    }
    try database.each(records) { row in
      if row.text(0) != name {
        try close()
        name = row.text(0)
        actions = []
      }
      actions.append(row.text(1))
    }
    try close()
    let rows = try database.first("SELECT count(*) FROM \(table)") { $0.integer(0) } ?? 0
    guard rows != count else { return violations }
    let place = "\(table): \(rows) rows, and records of \(count)"
    return violations + [InvariantViolation(rule: rule, place: place)]
  }
}

import Center
import GRDB
import SmartOTP

struct TransactionRow {
  let number: Int64
  let cardNumber: Int64
  var transaction: Transaction
  let card: CardStanding

  var auditSubject: String { "transaction:\(transaction.id)" }

  var standing: TransactionStanding {
    TransactionStanding(
      state: transaction.state, attemptsLeft: transaction.attemptsLeft,
      expiresAt: transaction.expiresAt, challengeTime: transaction.challengeTime, card: card)
  }

  /// As it is at `now`: one that has run out is expired, whether that was written down or not.
  func transaction(at now: UnixTime) -> Transaction {
    var current = transaction
    if standing.hasExpired(at: now) { current.state = .expired }
    return current
  }

  static let columns = """
    transactions.number, transactions.card, transactions.id, transactions.institution,
    cards.vendor_code, cards.serial, transactions.kind, transactions.fields,
    transactions.reference, transactions.state, transactions.created_at, transactions.expires_at,
    transactions.attempts_left, transactions.nonce, transactions.challenge_time, cards.state,
    cards.wrong_codes, institutions.name
    """
  /// What a statement selects besides begins there.
  static let columnCount = 18
  static let tables = """
    transactions JOIN cards ON cards.number = transactions.card
    JOIN institutions ON institutions.code = transactions.institution
    """

  init(columns row: Columns) throws {
    guard let fields = [TransactionField](columnBytes: row.blob(7)) else {
      throw DamagedRow(column: 7, rule: "a transaction's fields")
    }
    number = row.integer(0)
    cardNumber = row.integer(1)
    transaction = Transaction(
      id: try row.checked(2), institution: try row.checked(3), institutionName: row.text(17),
      card: try row.card(4), kind: try row.word(6), fields: fields,
      reference: row.optional(8, row.text),
      state: try row.word(9), createdAt: row.time(10), expiresAt: row.time(11),
      attemptsLeft: row.int(12), nonce: row.blob(13).hexadecimal,
      challengeTime: row.optional(14, row.time))
    card = CardStanding(state: try row.word(15), wrongCodes: row.int(16))
  }
}

extension Database {
  func transaction(_ id: TransactionID) throws -> TransactionRow? {
    try first(
      "SELECT \(TransactionRow.columns) FROM \(TransactionRow.tables) WHERE transactions.id = ?",
      .text(id.text), read: TransactionRow.init(columns:))
  }

  /// Whether the card is registered on the device.
  func isOnDevice(_ card: Int64, _ device: Int64) throws -> Bool {
    try exists(
      "SELECT 1 FROM device_cards WHERE card = ? AND device = ?", .integer(card),
      .integer(device))
  }
}

extension UnitOfWork {
  func requireTransaction(_ id: TransactionID) throws -> TransactionRow {
    guard let row = try database.transaction(id) else { throw Refusal(.transactionUnknown) }
    return row
  }

  /// The device that acts, which must have the card.
  func requireDevice(_ id: DeviceID, having card: Int64) throws -> Int64 {
    // Only active devices have cards, so that the device's own row is looked at for the reason only.
    let device = try database.first(
      """
      SELECT devices.number FROM devices
        JOIN device_cards ON device_cards.device = devices.number
      WHERE devices.id = ? AND device_cards.card = ?
      """, .text(id.text), .integer(card)
    ) { $0.integer(0) }
    if let device { return device }
    _ = try database.activeDevice(id)
    throw Refusal(.cardNotOnDevice)
  }
}

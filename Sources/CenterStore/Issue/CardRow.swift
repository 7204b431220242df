import Center
import Cryptography
import GRDB
import SmartOTP

/// A card as the database has it.
struct CardRow {
  let number: Int64
  let card: Card
  let customer: Int64
  let application: Int64
  let challenge: [UInt8]?
  /// What the application on the card that gets the keys calls itself.
  let begunOn: [UInt8]?

  var identity: CardIdentity { card.card }
  var standing: CardStanding { CardStanding(state: card.state, wrongCodes: card.wrongCodes) }
  var auditSubject: String { "card:\(identity)" }

  static let columns = """
    cards.number, cards.vendor_code, cards.serial, cards.issuer, customers.id, cards.state,
    cards.wrong_codes, cards.created_at, cards.customer, cards.application, cards.challenge,
    cards.begun_on, cards.language
    """
  static let tables = "cards JOIN customers ON customers.number = cards.customer"

  init(columns row: Columns) throws {
    number = row.integer(0)
    card = Card(
      card: try row.card(1), issuer: try row.checked(3), customer: try row.checked(4),
      state: try row.word(5), wrongCodes: row.int(6),
      language: try row.optional(12, row.word), createdAt: row.time(7))
    customer = row.integer(8)
    application = row.integer(9)
    challenge = row.optional(10, row.blob)
    begunOn = row.optional(11, row.blob)
  }
}

extension Database {
  func card(_ card: CardIdentity) throws -> CardRow? {
    try first(
      "SELECT \(CardRow.columns) FROM \(CardRow.tables) WHERE vendor_code = ? AND serial = ?",
      .text(card.vendorCode.text), .text(card.serial.text), read: CardRow.init(columns:))
  }

  func card(number: Int64) throws -> CardRow? {
    try first(
      "SELECT \(CardRow.columns) FROM \(CardRow.tables) WHERE cards.number = ?",
      .integer(number), read: CardRow.init(columns:))
  }
}

extension UnitOfWork {
  func requireCard(_ card: CardIdentity) throws -> CardRow {
    guard let row = try database.card(card) else { throw Refusal(.cardUnknown) }
    return row
  }

  func keys(of card: CardRow) throws -> CardKeys {
    let sealed = try database.first(
      "SELECT transaction_key, access_key FROM cards WHERE number = ?", .integer(card.number)
    ) { (transaction: $0.blob(0), access: $0.blob(1)) }
    guard let sealed else { throw Refusal(.cardUnknown) }
    return CardKeys(
      transactionKey: try ring.open(
        sealed.transaction, from: CardKeyPlace.transaction(card.identity)),
      accessKey: try ring.open(sealed.access, from: CardKeyPlace.access(card.identity)))
  }

  /// Whether a response is the card's HMAC-SHA-256 over a challenge.
  func proves(_ card: CardRow, response: [UInt8], over challenge: [UInt8]) throws -> Bool {
    let key = try keys(of: card).transactionKey
    return constantTimeEqual(try hmac(.sha256, key: key, message: challenge), response)
  }
}

/// What a card's sealed keys are bound to.
enum CardKeyPlace {
  static func transaction(_ card: CardIdentity) -> String { "cards.transaction_key:\(card)" }
  static func access(_ card: CardIdentity) -> String { "cards.access_key:\(card)" }
}

/// Eight bytes for a CALCULATE, none of them zero.
func drawCardChallenge() throws -> [UInt8] {
  try randomBytes(count: 8).map { $0 == 0 ? 1 : $0 }
}

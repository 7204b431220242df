import GRDB
import SmartOTP

struct ApplicationRow {
  let number: Int64
  let application: CardApplication
  let customer: Int64
  let cardNumber: Int64?

  var auditSubject: String { "application:\(application.id)" }

  static let columns = """
    applications.number, applications.id, applications.institution, customers.id,
    applications.customer_name, applications.state, cards.vendor_code, cards.serial,
    applications.created_at, applications.customer, applications.card,
    applications.language
    """
  static let tables = """
    applications JOIN customers ON customers.number = applications.customer
    LEFT JOIN cards ON cards.number = applications.card
    """

  init(columns row: Columns) throws {
    number = row.integer(0)
    application = CardApplication(
      id: try row.checked(1), institution: try row.checked(2), customer: try row.checked(3),
      customerName: row.text(4), state: try row.word(5), card: try row.optional(6, row.card),
      language: try row.optional(11, row.word), createdAt: row.time(8))
    customer = row.integer(9)
    cardNumber = row.optional(10, row.integer)
  }
}

extension Database {
  func application(_ id: ApplicationID) throws -> ApplicationRow? {
    try first(
      "SELECT \(ApplicationRow.columns) FROM \(ApplicationRow.tables) WHERE applications.id = ?",
      .text(id.text), read: ApplicationRow.init(columns:))
  }
}

extension UnitOfWork {
  func requireApplication(_ id: ApplicationID) throws -> ApplicationRow {
    guard let row = try database.application(id) else { throw Refusal(.applicationUnknown) }
    return row
  }

  func setApplication(
    _ number: Int64, to state: CardApplication.State, card: Int64?
  ) throws {
    try database.run(
      "UPDATE applications SET state = ?, card = ? WHERE number = ?", .text(state.rawValue),
      .integer(card), .integer(number))
  }
}

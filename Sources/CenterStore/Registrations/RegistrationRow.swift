import GRDB
import SmartOTP

struct RegistrationRow {
  let number: Int64
  let registration: Registration
  let cardNumber: Int64
  let challenge: [UInt8]?

  var auditSubject: String { "registration:\(registration.id)" }
  /// With whom, for the record.
  var auditDetail: String {
    "card:\(registration.card), institution \(registration.institution)"
  }

  static let columns = """
    registrations.number, registrations.id, cards.vendor_code, cards.serial,
    registrations.institution, registrations.channel, registrations.state,
    registrations.created_at, registrations.card, registrations.challenge
    """
  static let tables = "registrations JOIN cards ON cards.number = registrations.card"

  init(columns row: Columns) throws {
    number = row.integer(0)
    registration = Registration(
      id: try row.checked(1), card: try row.card(2), institution: try row.checked(4),
      channel: try row.word(5), state: try row.word(6), createdAt: row.time(7))
    cardNumber = row.integer(8)
    challenge = row.optional(9, row.blob)
  }
}

extension Database {
  func registration(_ id: RegistrationID) throws -> RegistrationRow? {
    try first(
      "SELECT \(RegistrationRow.columns) FROM \(RegistrationRow.tables) WHERE registrations.id = ?",
      .text(id.text), read: RegistrationRow.init(columns:))
  }

  /// The registration with an institution that is not withdrawn.
  func registration(of card: Int64, with institution: InstitutionCode) throws -> RegistrationRow? {
    try first(
      """
      SELECT \(RegistrationRow.columns) FROM \(RegistrationRow.tables)
      WHERE registrations.card = ? AND registrations.institution = ?
        AND registrations.state IN ('awaiting-proof', 'registered')
      """, .integer(card), .text(institution.text), read: RegistrationRow.init(columns:))
  }
}

extension UnitOfWork {
  func requireRegistration(_ id: RegistrationID) throws -> RegistrationRow {
    guard let row = try database.registration(id) else { throw Refusal(.registrationUnknown) }
    return row
  }

  func insertRegistration(
    of card: Int64, with institution: InstitutionCode, channel: Registration.Channel,
    state: Registration.State, at now: UnixTime
  ) throws -> RegistrationID {
    let id = try RegistrationID.random()
    try database.run(
      """
      INSERT INTO registrations (id, card, institution, channel, state, created_at)
      VALUES (?, ?, ?, ?, ?, ?)
      """,
      .text(id.text), .integer(card), .text(institution.text), .text(channel.rawValue),
      .text(state.rawValue), .integer(now.seconds))
    return id
  }

  func setRegistration(
    _ number: Int64, to state: Registration.State, channel: Registration.Channel? = nil
  ) throws {
    try database.run(
      """
      UPDATE registrations SET challenge = NULL, state = ?, channel = ifnull(?, channel)
      WHERE number = ?
      """, .text(state.rawValue), .text(channel?.rawValue), .integer(number))
  }
}

import Cryptography
import GRDB
import SmartOTP

extension SQLiteStore {
  private static let generationBatch = 10_000

  /// Fills a store with cards in bulk: rows as the store's own calls would have left them, but no
  /// audit records, and not durable before it returns. Blocks the thread. For measurements only.
  package func generate(_ cards: GeneratedCards, numbers: Range<Int>, at now: UnixTime) throws {
    try pool.writeWithoutTransaction { database in
      try database.execute(sql: "PRAGMA synchronous = OFF; PRAGMA cache_size = -1048576")
      for start in stride(
        from: numbers.lowerBound, to: numbers.upperBound, by: Self.generationBatch)
      {
        let batch = start..<min(start + Self.generationBatch, numbers.upperBound)
        try database.inTransaction(.immediate) {
          let rows = GeneratedRows(database: database, cards: cards, ring: ring, now: now)
          for number in batch { try rows.insert(number) }
          return .commit
        }
      }
      try database.execute(sql: "PRAGMA synchronous = FULL; PRAGMA cache_size = -16384")
      _ = try database.checkpoint(.truncate)
    }
  }

  private var ring: KeyRing { keys.ring }
}

/// The rows of one generated card.
private struct GeneratedRows {
  let database: Database
  let cards: GeneratedCards
  let ring: KeyRing
  let now: UnixTime

  func insert(_ number: Int) throws {
    let card = cards.card(number)
    let customer = try insertCustomer(number)
    let application = try insertApplication(of: customer)
    let cardNumber = try insertCard(number, card, of: customer, application: application)
    try database.run(
      "UPDATE applications SET state = 'issued', card = ? WHERE number = ?",
      .integer(cardNumber), .integer(application))
    try database.run(
      """
      INSERT INTO registrations (id, card, institution, channel, state, created_at)
      VALUES (?, ?, ?, 'issue', 'registered', ?)
      """, .text(try RegistrationID.random().text), .integer(cardNumber),
      .text(cards.issuer.text), .integer(now.seconds))
    try insertDevice(number, with: cardNumber)
  }

  private func insertCustomer(_ number: Int) throws -> Int64 {
    try database.run(
      """
      INSERT INTO customers (id, name, document_hash, document_kind, document_ending, created_at)
      VALUES (?, ?, ?, 'passport', '000', ?)
      """, .text(try CustomerID.random().text), .text("customer \(number)"),
      .blob(try hash("document", number)), .integer(now.seconds))
    return database.lastInsertedRowID
  }

  private func insertApplication(of customer: Int64) throws -> Int64 {
    try database.run(
      """
      INSERT INTO applications (id, institution, customer, customer_name, customer_kind, contact,
        state, created_at)
      VALUES (?, ?, ?, 'customer', 'personal', 'none', 'open', ?)
      """, .text(try ApplicationID.random().text), .text(cards.issuer.text), .integer(customer),
      .integer(now.seconds))
    return database.lastInsertedRowID
  }

  private func insertCard(
    _ number: Int, _ card: CardIdentity, of customer: Int64, application: Int64
  ) throws -> Int64 {
    try database.run(
      """
      INSERT INTO cards (vendor_code, serial, issuer, customer, application, state,
        transaction_key, access_key, created_at)
      VALUES (?, ?, ?, ?, ?, 'active', ?, ?, ?)
      """, .text(card.vendorCode.text), .text(card.serial.text), .text(cards.issuer.text),
      .integer(customer), .integer(application),
      .blob(
        try ring.seal(try cards.transactionKey(number), for: CardKeyPlace.transaction(card))),
      .blob(try ring.seal(try cards.accessKey(number), for: CardKeyPlace.access(card))),
      .integer(now.seconds))
    return database.lastInsertedRowID
  }

  private func insertDevice(_ number: Int, with card: Int64) throws {
    try database.run(
      """
      INSERT INTO devices (id, name, state, institution, fingerprint_hash, registered_at,
        certificate_expires_at)
      VALUES (?, 'device', 'active', ?, ?, ?, ?)
      """, .text(try cards.device(number).text), .text(cards.issuer.text),
      .blob(try hash("fingerprint", number)), .integer(now.seconds),
      .integer((now + 63_072_000).seconds))
    try database.run(
      "INSERT INTO device_cards (device, issuer, card, added_at) VALUES (?, ?, ?, ?)",
      .integer(database.lastInsertedRowID), .text(cards.issuer.text), .integer(card),
      .integer(now.seconds))
  }

  private func hash(_ kind: String, _ number: Int) throws -> [UInt8] {
    try Cryptography.sha256(Array("\(kind) \(cards.card(number))".utf8))
  }
}

import Center
import Cryptography
import GRDB
import SmartOTP

extension SQLiteStore {
  public func apply(
    _ form: ApplicationForm, at institution: InstitutionCode, as caller: Caller
  ) async throws(Refusal) -> CardApplication {
    try await create(as: caller) { work in
      try work.require(caller, toBe: institution)
      guard let directoryEntry = try work.database.institution(institution) else {
        throw Refusal(.institutionUnknown)
      }
      if let refusal = form.refusal(at: directoryEntry) { throw refusal }
      let customer = try work.customer(of: form, as: caller)
      let replaced = try work.replacedCard(form.replaces, of: customer.number)
      let application = CardApplication(
        id: try .random(), institution: institution, customer: customer.id,
        customerName: form.customerName, state: .open, card: nil,
        language: form.language, createdAt: caller.now)
      try work.insert(application, form, customer: customer.number, replaces: replaced)
      try work.record(
        "application.taken", "application:\(application.id)", "institution \(institution)",
        as: caller)
      return application
    }
  }

  public func application(_ id: ApplicationID) async throws(Refusal) -> CardApplication {
    try await read { database in
      guard let row = try database.application(id) else { throw Refusal(.applicationUnknown) }
      return row.application
    }
  }

  public func applications(
    at institution: InstitutionCode, _ page: PageRequest
  ) async throws(Refusal) -> Page<CardApplication> {
    try await read { database in
      let rows = try database.all(
        """
        SELECT \(ApplicationRow.columns) FROM \(ApplicationRow.tables)
        WHERE applications.institution = ? AND applications.number > ?
        ORDER BY applications.number LIMIT ?
        """,
        .text(institution.text), .integer(try page.start(default: 0)), page.rowLimit
      ) { columns in
        let row = try ApplicationRow(columns: columns)
        return Numbered(number: row.number, item: row.application)
      }
      return Page(rows, page)
    }
  }

  public func withdraw(
    _ id: ApplicationID, as caller: Caller
  ) async throws(Refusal) -> CardApplication {
    try await write { work in
      let row = try work.requireApplication(id)
      try work.require(caller, toBe: row.application.institution)
      switch row.application.state {
      case .withdrawn: return row.application
      case .issued: throw Refusal(.applicationClosed)
      case .open, .personalizing: break
      }
      if let number = row.cardNumber, let card = try work.database.card(number: number) {
        try work.end(card, as: .retired)
        try work.record(
          "card.abandoned", card.auditSubject, "application withdrawn", as: caller)
      }
      try work.setApplication(row.number, to: .withdrawn, card: row.cardNumber)
      try work.record("application.withdrawn", row.auditSubject, as: caller)
      return try work.requireApplication(id).application
    }
  }
}

extension UnitOfWork {
  /// The customer of the identity document, made if this is the first application with it.
  fileprivate func customer(
    of form: ApplicationForm, as caller: Caller
  ) throws -> (number: Int64, id: CustomerID) {
    let hash = try documentHash(form.identityDocument)
    let known = try database.first(
      "SELECT number, id, name FROM customers WHERE document_hash = ?", .blob(hash)
    ) { (number: $0.integer(0), id: try $0.checked(1) as CustomerID, name: $0.text(2)) }
    if let known {
      if known.name != form.customerName {
        try database.run(
          "UPDATE customers SET name = ? WHERE number = ?", .text(form.customerName),
          .integer(known.number))
        try record("customer.renamed", "customer:\(known.id)", as: caller)
      }
      return (known.number, known.id)
    }
    let id = try CustomerID.random()
    try database.run(
      """
      INSERT INTO customers (id, name, document_hash, document_kind, document_ending, created_at)
      VALUES (?, ?, ?, ?, ?, ?)
      """,
      .text(id.text), .text(form.customerName), .blob(hash),
      .text(form.identityDocument.kind.rawValue), .text(form.identityDocument.lastCharacters),
      .integer(caller.now.seconds))
    return (database.lastInsertedRowID, id)
  }

  func documentHash(_ document: IdentityDocument) throws -> [UInt8] {
    try hmac(.sha256, key: secrets.document, message: document.hashedBytes)
  }

  /// Refuses a document that is not the customer's.
  func require(_ document: IdentityDocument, of customer: Int64) throws {
    let known = try database.first(
      "SELECT document_hash FROM customers WHERE number = ?", .integer(customer)
    ) { $0.blob(0) }
    guard constantTimeEqual(known ?? [], try documentHash(document)) else {
      throw Refusal(.documentMismatch)
    }
  }

  fileprivate func replacedCard(_ card: CardIdentity?, of customer: Int64) throws -> Int64? {
    guard let card else { return nil }
    let row = try requireCard(card)
    guard row.customer == customer else {
      throw Refusal(.documentMismatch, "the card to be replaced is another customer's")
    }
    guard row.card.state == .lost || row.card.state == .retired else {
      throw Refusal(.cardState, "the card to be replaced is neither lost nor retired")
    }
    return row.number
  }

  fileprivate func insert(
    _ application: CardApplication, _ form: ApplicationForm, customer: Int64, replaces: Int64?
  ) throws {
    try database.run(
      """
      INSERT INTO applications
        (id, institution, customer, customer_name, customer_kind, contact, state, replaces,
         language, created_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      .text(application.id.text), .text(application.institution.text), .integer(customer),
      .text(form.customerName), .text(form.customerKind.rawValue), .text(form.contact),
      .text(application.state.rawValue), .integer(replaces),
      .text(application.language?.rawValue), .integer(application.createdAt.seconds))
  }
}

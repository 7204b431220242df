import Center
import Cryptography
import GRDB
import SmartOTP

extension SQLiteStore {
  public func reserveCard(
    for application: ApplicationID, serial: Serial?, as caller: Caller
  ) async throws(Refusal) -> (Card, CardKeys) {
    try await write { work in
      let row = try work.requireApplication(application)
      try work.require(caller, toBe: row.application.institution)
      switch row.application.state {
      case .issued, .withdrawn: throw Refusal(.applicationClosed)
      case .personalizing: return try work.reservedCard(of: row, serial: serial)
      case .open: break
      }
      let keys = CardKeys(
        transactionKey: try .random(count: KeyDelivery.transactionKeyByteCount),
        accessKey: try .random(count: KeyDelivery.accessKeyByteCount))
      let identity = try work.freeIdentity(
        of: row.application.institution, serial: serial)
      let card = try work.insertCard(identity, keys: keys, state: .reserved, for: row, as: caller)
      try work.record(
        "card.reserved", card.auditSubject, "application \(application)", as: caller)
      return (card.card, keys)
    }
  }

  public func importCard(
    _ card: CardIdentity, keys: CardKeys, for application: ApplicationID, as caller: Caller
  ) async throws(Refusal) -> Card {
    try await create(as: caller) { work in
      let row = try work.requireApplication(application)
      try work.require(caller, toBe: row.application.institution)
      guard row.application.state == .open else {
        throw Refusal(.applicationClosed, "the application is not open: it has a card, or ended")
      }
      guard keys.transactionKey.count == KeyDelivery.transactionKeyByteCount,
        keys.accessKey.count == KeyDelivery.accessKeyByteCount
      else { throw Refusal(.invalidValue, "keys: 32 bytes to calculate with and 16 for access") }
      let identity = try work.freeIdentity(
        of: row.application.institution, serial: card.serial)
      guard identity == card else {
        throw Refusal(.invalidValue, "card: its vendor code is not the institution's")
      }
      let imported = try work.insertCard(card, keys: keys, state: .keyed, for: row, as: caller)
      try work.record(
        "card.imported", imported.auditSubject, "application \(application)", as: caller)
      return imported.card
    }
  }

  public func keysBegun(
    _ card: CardIdentity, on applicationID: [UInt8], as caller: Caller
  ) async throws(Refusal) -> Card {
    guard KeysBegun.byteCounts.contains(applicationID.count) else {
      throw Refusal(.invalidValue, "applicationID: 1 to 64 bytes")
    }
    return try await write { work in
      let row = try work.requireCard(card)
      try work.require(caller, toBe: row.card.issuer)
      if case .refused(let refusal) = row.standing.outcome(of: .keysBegun) { throw refusal }
      if let begun = row.begunOn {
        guard begun == applicationID else { throw Refusal.begunOnAnother(card) }
        return row.card
      }
      try work.database.run(
        "UPDATE cards SET begun_on = ? WHERE number = ?", .blob(applicationID),
        .integer(row.number))
      try work.record(
        "card.begun", row.auditSubject, "application id \(applicationID.hexadecimal)", as: caller)
      return row.card
    }
  }

  public func keysWritten(
    _ card: CardIdentity, as caller: Caller
  ) async throws(Refusal) -> ProofChallenge {
    try await write { work in
      let row = try work.requireCard(card)
      try work.require(caller, toBe: row.card.issuer)
      if case .refused(let refusal) = row.standing.outcome(of: .keysWritten) { throw refusal }
      let challenge = try drawCardChallenge()
      try work.database.run(
        "UPDATE cards SET state = 'keyed', challenge = ? WHERE number = ?", .blob(challenge),
        .integer(row.number))
      try work.record("card.keyed", row.auditSubject, as: caller)
      return ProofChallenge(challenge: challenge.hexadecimal)
    }
  }

  public func prove(
    _ card: CardIdentity, response: [UInt8], as caller: Caller
  ) async throws(Refusal) -> Card {
    let result: Result<Card, Refusal> = try await write { work in
      let row = try work.requireCard(card)
      try work.require(caller, toBe: row.card.issuer)
      if case .refused(let refusal) = row.standing.outcome(of: .activation) { throw refusal }
      guard let challenge = row.challenge else { throw Refusal(.proofNotExpected) }
      guard try work.proves(row, response: response, over: challenge) else {
        // A wrong proof is on record and its challenge is gone, so this is not thrown.
        try work.database.run(
          "UPDATE cards SET challenge = NULL WHERE number = ?", .integer(row.number))
        try work.record("card.proof-wrong", row.auditSubject, as: caller)
        return .failure(Refusal(.proofWrong))
      }
      try work.activate(row, as: caller)
      return .success(try work.requireCard(card).card)
    }
    return try result.get()
  }
}

extension UnitOfWork {
  fileprivate func reservedCard(
    of application: ApplicationRow, serial: Serial?
  ) throws -> (Card, CardKeys) {
    guard let number = application.cardNumber, let card = try database.card(number: number) else {
      throw Refusal(.internalError)
    }
    guard serial == nil || serial == card.identity.serial else {
      throw Refusal(
        .cardState, "card \(card.identity) is reserved for the application: give it up first")
    }
    return (card.card, try keys(of: card))
  }

  /// The identity of a card to be, with the serial number given or one that is drawn.
  fileprivate func freeIdentity(
    of institution: InstitutionCode, serial: Serial?
  ) throws -> CardIdentity {
    guard let vendorCode = try activeInstitution(institution).vendorCode else {
      throw Refusal(.ineligible, Ineligibility.institutionDoesNotIssue.explanation)
    }
    if let serial {
      let identity = CardIdentity(vendorCode: vendorCode, serial: serial)
      guard try database.card(identity) == nil else { throw Refusal(.cardExists) }
      return identity
    }
    for _ in 0..<8 {
      let identity = CardIdentity(vendorCode: vendorCode, serial: try drawSerial())
      if try database.card(identity) == nil { return identity }
    }
    throw Refusal(.unavailable, "no serial number was free: try again")
  }

  fileprivate func insertCard(
    _ card: CardIdentity, keys: CardKeys, state: CardState, for application: ApplicationRow,
    as caller: Caller
  ) throws -> CardRow {
    try database.run(
      """
      INSERT INTO cards (vendor_code, serial, issuer, customer, application, state,
        transaction_key, access_key, language, created_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      .text(card.vendorCode.text), .text(card.serial.text),
      .text(application.application.institution.text), .integer(application.customer),
      .integer(application.number), .text(state.rawValue),
      .blob(try ring.seal(keys.transactionKey, for: CardKeyPlace.transaction(card))),
      .blob(try ring.seal(keys.accessKey, for: CardKeyPlace.access(card))),
      .text(application.application.language?.rawValue), .integer(caller.now.seconds))
    try setApplication(
      application.number, to: .personalizing, card: database.lastInsertedRowID)
    return try requireCard(card)
  }

  fileprivate func activate(_ card: CardRow, as caller: Caller) throws {
    try database.run(
      "UPDATE cards SET challenge = NULL, state = 'active' WHERE number = ?",
      .integer(card.number))
    try setApplication(card.application, to: .issued, card: card.number)
    let registration = try RegistrationID.random()
    try database.run(
      """
      INSERT INTO registrations (id, card, institution, channel, state, created_at)
      VALUES (?, ?, ?, 'issue', 'registered', ?)
      """,
      .text(registration.text), .integer(card.number), .text(card.card.issuer.text),
      .integer(caller.now.seconds))
    try record("card.activated", card.auditSubject, as: caller)
  }
}

extension Refusal {
  fileprivate static func begunOnAnother(_ card: CardIdentity) -> Refusal {
    Refusal(
      .cardState,
      "the keys of \(card) were begun on another card: lay that one on, or give \(card) up and begin anew"
    )
  }
}

/// Ten digits, which a customer can type; there are enough of them for guessing to be of no use.
private func drawSerial() throws -> Serial {
  let number = try randomBytes(count: 8).reduce(0) { $0 << 8 | UInt64($1) } % 10_000_000_000
  let digits = String(number)
  return Serial(accepted: String(repeating: "0", count: 10 - digits.count) + digits)
}

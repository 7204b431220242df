import Center
import GRDB
import SmartOTP

extension SQLiteStore {
  public func issueRegistrationCode(
    _ request: RegistrationCodeRequest, as caller: Caller
  ) async throws(Refusal) -> IssuedRegistrationCode {
    try await create(as: caller) { work in
      let card = try work.card(of: request, as: caller)
      let institution = try work.institution(of: request, card: card, as: caller)
      let issued = IssuedRegistrationCode(
        code: try .random(), expiresAt: caller.now + RegistrationCode.lifetimeSeconds)
      try work.database.run(
        """
        INSERT INTO registration_codes (code_hash, purpose, card, institution, expires_at)
        VALUES (?, ?, ?, ?, ?)
        """,
        .blob(try work.hash(of: issued.code)), .text(request.purpose.rawValue),
        .integer(card?.number), .text(institution.text), .integer(issued.expiresAt.seconds))
      try work.record(
        "registration-code.issued", card?.auditSubject ?? "institution:\(institution)",
        "for a \(request.purpose.rawValue)", as: caller)
      return issued
    }
  }
}

extension UnitOfWork {
  func hash(of code: RegistrationCode) throws -> [UInt8] {
    try secrets.lookupHash("registration-code", Array(code.characters.utf8))
  }

  /// The institution whose code a device is registered with; the code is used up.
  func useDeviceCode(_ code: RegistrationCode, at now: UnixTime) throws -> InstitutionCode {
    let hash = try hash(of: code)
    let row = try registrationCode(hash, card: nil)
    guard let row, row.standing.registersDevice(at: now) else {
      throw Refusal(.registrationCodeInvalid)
    }
    try markUsed(hash, at: now)
    return row.institution
  }

  /// Uses up a code that puts this card on a device.
  func useCardCode(_ code: RegistrationCode, card: Int64, at now: UnixTime) throws {
    let hash = try hash(of: code)
    guard try registrationCode(hash, card: card)?.standing.registersCard(at: now) == true else {
      throw Refusal(.registrationCodeInvalid)
    }
    try markUsed(hash, at: now)
  }

  private func registrationCode(
    _ hash: [UInt8], card: Int64?
  ) throws -> (standing: RegistrationCodeStanding, institution: InstitutionCode)? {
    try database.first(
      """
      SELECT purpose, card, used_at, expires_at, institution FROM registration_codes
      WHERE code_hash = ?
      """, .blob(hash)
    ) { row in
      let codeCard = row.optional(1, row.integer)
      let standing = RegistrationCodeStanding(
        purpose: try row.word(0), isForThisCard: codeCard != nil && codeCard == card,
        isUsed: !row.isNull(2), expiresAt: row.time(3))
      return (standing, try row.checked(4))
    }
  }

  private func markUsed(_ hash: [UInt8], at now: UnixTime) throws {
    try database.run(
      "UPDATE registration_codes SET used_at = ? WHERE code_hash = ?", .integer(now.seconds),
      .blob(hash))
  }

  fileprivate func card(
    of request: RegistrationCodeRequest, as caller: Caller
  ) throws -> CardRow? {
    guard request.purpose == .card else { return nil }
    guard let identity = request.card else {
      throw Refusal(.invalidValue, "card: a code for a card names the card")
    }
    let card = try requireCard(identity)
    try requireRegistered(caller, with: card)
    if let refusal = card.standing.activityRefusal { throw refusal }
    return card
  }

  fileprivate func institution(
    of request: RegistrationCodeRequest, card: CardRow?, as caller: Caller
  ) throws -> InstitutionCode {
    if case .institution(let code) = caller.actor {
      guard request.institution == nil || request.institution == code else {
        throw Refusal(.notYours)
      }
      try require(caller, toBe: code)
      return code
    }
    guard let code = request.institution ?? card?.card.issuer else {
      throw Refusal(.invalidValue, "institution: an operator's code for a device names whose it is")
    }
    try require(caller, toBe: code)
    return try activeInstitution(code).code
  }
}

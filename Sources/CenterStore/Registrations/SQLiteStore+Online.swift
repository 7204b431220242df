import Center
import GRDB
import SmartOTP

extension SQLiteStore {
  public func registerOnline(
    _ request: OnlineRegistrationRequest, signer: Signer, as caller: Caller
  ) async throws(Refusal) -> Registration {
    try await create(as: caller) { work in
      if let refusal = request.refusal(at: caller.now) { throw refusal }
      guard caller.actor == .institution(request.institution) || caller.actor.isOfTheCentre else {
        throw Refusal(.requestForAnother)
      }
      try work.require(caller, toBe: request.institution)
      _ = try work.activeInstitution(request.institution)
      let card = try work.requireCard(request.card)
      try work.require(signer, toHold: card)
      if let refusal = card.standing.useRefusal { throw refusal }
      try work.takeNonce(of: request)
      let id = try work.register(card, online: request.institution, at: caller.now)
      let row = try work.requireRegistration(id)
      try work.record("registration.made", row.auditSubject, row.auditDetail, as: caller)
      return row.registration
    }
  }
}

extension Actor {
  fileprivate var isOfTheCentre: Bool {
    switch self {
    case .operator, .center: true
    case .institution, .device, .anonymous: false
    }
  }
}

extension UnitOfWork {
  fileprivate func require(_ signer: Signer, toHold card: CardRow) throws {
    guard let document = signer.document else {
      throw Refusal(
        .signerNotCardholder, "the signer's certificate names no identity document")
    }
    let name = try database.first(
      "SELECT name FROM customers WHERE number = ?", .integer(card.customer)
    ) { $0.text(0) }
    guard name == signer.name else { throw Refusal(.signerNotCardholder) }
    do {
      try require(document, of: card.customer)
    } catch let refusal as Refusal where refusal.code == .documentMismatch {
      throw Refusal(.signerNotCardholder)
    }
  }

  /// A nonce is kept until its request would be refused for its age.
  fileprivate func takeNonce(of request: OnlineRegistrationRequest) throws {
    let hash = try secrets.lookupHash("online-request", Array(request.nonce.lowercased().utf8))
    guard
      try !database.exists("SELECT 1 FROM online_requests WHERE nonce_hash = ?", .blob(hash))
    else { throw Refusal(.requestReplayed) }
    let end = request.time + 2 * OnlineRegistrationRequest.freshnessSeconds
    try database.run(
      "INSERT INTO online_requests (nonce_hash, forgotten_at) VALUES (?, ?)", .blob(hash),
      .integer(end.seconds))
  }

  /// One that waits for its proof in person is completed by the signature.
  fileprivate func register(
    _ card: CardRow, online institution: InstitutionCode, at now: UnixTime
  ) throws -> RegistrationID {
    guard let earlier = try database.registration(of: card.number, with: institution) else {
      return try insertRegistration(
        of: card.number, with: institution, channel: .online, state: .registered, at: now)
    }
    guard earlier.registration.state == .awaitingProof else { throw Refusal(.alreadyRegistered) }
    try setRegistration(earlier.number, to: .registered, channel: .online)
    return earlier.registration.id
  }
}

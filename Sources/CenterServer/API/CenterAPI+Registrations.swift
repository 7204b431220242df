import Center
import SmartOTP

extension CenterAPI {
  /// A card's registrations: all for its issuer, its own for another institution.
  func registrations(_ call: Call) async throws -> Page<Registration> {
    let card = try await store.card(call.path.card())
    let code = try call.institution()
    if card.issuer == code { return try await store.registrations(of: card.card, call.page()) }
    let own = try await registrations(of: card.card, with: code)
    if own.isEmpty { throw Refusal(.notYours) }
    return Page(items: own, next: nil)
  }

  func beginRegistration(
    _ call: Call, _ request: InPersonRegistrationRequest
  ) async throws -> InPersonRegistration {
    let (registration, challenge, keys) = try await store.beginRegistration(
      of: request.card, with: call.institution(), document: request.identityDocument,
      as: call.caller)
    return InPersonRegistration(
      registration: registration, challenge: challenge.challenge,
      accessKey: try call.holder().seal(accessKeyOf: keys, for: request.card))
  }

  func completeRegistration(_ call: Call, _ proof: ProofSubmission) async throws -> Registration {
    let registration = try await registration(call)
    try call.require(registration.institution)
    return try await store.completeRegistration(
      registration.id, response: proof.bytes(), as: call.caller)
  }

  /// A refused one goes into the audit: somebody tried to take over a card.
  func registerOnline(
    _ call: Call, _ message: SignedRegistrationRequest
  ) async throws -> Registration {
    let institution = try call.institution()
    let (request, signer): (OnlineRegistrationRequest, Signer)
    do throws(Refusal) {
      (request, signer) = try signedRequests.read(message, at: call.now)
      guard request.institution == institution else { throw Refusal(.requestForAnother) }
    } catch {
      try await store.note(
        action: "registration.refused", subject: "institution:\(institution)",
        detail: error.code.rawValue, as: Caller(call.actor, at: call.now))
      throw error
    }
    return try await store.registerOnline(request, signer: signer, as: call.caller)
  }

  /// By the institution it is with, or the card's issuer.
  func withdrawRegistration(_ call: Call) async throws -> Registration {
    let registration = try await registration(call)
    if call.actor != .institution(registration.institution) {
      try call.require(await store.card(registration.card).issuer)
    }
    return try await store.withdraw(registration.id, as: call.caller)
  }

  /// A card's registrations with one institution. A card has few: more than a thousand are not read.
  func registrations(
    of card: CardIdentity, with institution: InstitutionCode
  ) async throws(Refusal) -> [Registration] {
    var found: [Registration] = []
    var cursor: String?
    for _ in 0..<5 {
      let page = try await store.registrations(
        of: card, PageRequest(cursor: cursor, limit: PageRequest.limitRange.upperBound))
      found += page.items.filter { $0.institution == institution }
      guard let next = page.next else { break }
      cursor = next
    }
    return found
  }

  private func registration(_ call: Call) async throws -> Registration {
    try await store.registration(call.path.value("id", or: .registrationUnknown))
  }
}

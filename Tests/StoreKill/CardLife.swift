import Center
import CenterStore
import Cryptography
import OneTimePassword
import SmartOTP

/// The life of one card, from the institution's entry to the card's loss, in steps that may be
/// repeated: whoever was interrupted starts again and comes to the same end.
struct CardLife {
  static let now = UnixTime(1_795_500_000)
  static let bank = InstitutionCode(accepted: "004")
  static let otherBank = InstitutionCode(accepted: "020")
  static let oldKey = SecretBytes([UInt8](repeating: 7, count: 32))
  static let newKey = SecretBytes([UInt8](repeating: 8, count: 32))

  let store: SQLiteStore

  /// Both keys of the rotation: an interrupted one left blobs under either.
  static func ring() throws -> KeyRing { try KeyRing([(2, newKey), (1, oldKey)]) }

  func run() async throws {
    try await addInstitutions()
    let card = try await issue()
    // A card that is lost already has everything before its loss behind it.
    if try await store.card(card).state == .active { try await use(card) }
    try await store.sweep(at: Self.now + 3600)
  }

  private func use(_ card: CardIdentity) async throws {
    let (device, keys) = try await registerDevice(with: card)
    try await register(card, keys: keys)
    try await confirm(with: card, keys: keys, on: device)
    store.use(try KeyRing([(1, Self.oldKey), (2, Self.newKey)]))
    try await store.rekey(as: Caller(.operator("office"), at: Self.now))
    _ = try await store.reportLost(card, reason: "bag", as: caller(.institution(Self.bank)))
  }

  /// What everyone who got to the end finds.
  func checkEnd() async throws {
    let cards = try await store.cards(of: Self.bank, PageRequest())
    let transactions = try await store.transactions(of: Self.bank, PageRequest(), at: Self.now)
    guard cards.items.map(\.state) == [.lost], transactions.items.map(\.state) == [.verified],
      try await store.keysInUse() == [2]
    else { throw Failure(what: "the life did not come to its end: \(cards) \(transactions)") }
  }

  private func caller(_ actor: Actor, _ key: String? = nil) -> Caller {
    Caller(
      actor, at: Self.now,
      idempotency: key.map { Idempotency(key: $0, requestDigest: Array($0.utf8)) })
  }

  private func addInstitutions() async throws {
    let institutions = [
      Institution(code: Self.bank, name: "Bank", vendorCode: VendorCode(accepted: "K01")),
      Institution(code: Self.otherBank, name: "Other"),
    ]
    for institution in institutions {
      try await unless(.institutionExists) {
        _ = try await store.add(institution, as: caller(.operator("office")))
      }
    }
  }

  private func issue() async throws -> CardIdentity {
    let form = ApplicationForm(
      customerName: "Kim", customerKind: .personal, identityDocument: try document(),
      contact: "010", hasNFCDevice: true)
    let bank = caller(.institution(Self.bank))
    let id = try await store.apply(
      form, at: Self.bank, as: caller(.institution(Self.bank), "apply")
    ).id
    let application = try await store.application(id)
    if application.state == .issued, let card = application.card { return card }
    let (card, keys) = try await store.reserveCard(for: id, serial: nil, as: bank)
    _ = try await store.keysBegun(card.card, on: [1, 2, 3, 4, 5, 6, 7, 8], as: bank)
    let challenge = try await store.keysWritten(card.card, as: bank)
    return try await store.prove(card.card, response: proof(challenge, keys), as: bank).card
  }

  private func document() throws -> IdentityDocument {
    try IdentityDocument(kind: .passport, number: "M12345678")
  }

  private func proof(_ challenge: ProofChallenge, _ keys: CardKeys) throws -> [UInt8] {
    guard let bytes = [UInt8](hexadecimal: challenge.challenge) else {
      throw Failure(what: "a challenge that is not hex")
    }
    return try hmac(.sha256, key: keys.transactionKey, message: bytes)
  }

  private func registerDevice(with card: CardIdentity) async throws -> (DeviceID, CardKeys) {
    let code = try await store.issueRegistrationCode(
      RegistrationCodeRequest(purpose: .device), as: caller(.institution(Self.bank), "code"))
    let id = try DeviceID("dev-0000000000000000")
    let device = NewDevice(
      id: id, name: "reader", fingerprint: [UInt8](repeating: 1, count: 32),
      certificate: CertificateRecord(
        serial: [1], subject: id.text, role: .device, expiresAt: Self.now + 1_000_000))
    _ = try await store.register(device, code: code.code, as: caller(.anonymous, "device"))
    let cardCode = try await store.issueRegistrationCode(
      RegistrationCodeRequest(purpose: .card, card: card),
      as: caller(.institution(Self.bank), "card-code"))
    let (_, keys) = try await store.addCard(
      card, to: id, code: cardCode.code, as: caller(.device(id), "card"))
    return (id, keys)
  }

  private func register(_ card: CardIdentity, keys: CardKeys) async throws {
    let other = caller(.institution(Self.otherBank))
    let document = try document()
    try await unless(.alreadyRegistered) {
      let (registration, challenge, _) = try await store.beginRegistration(
        of: card, with: Self.otherBank, document: document, as: other)
      _ = try await store.completeRegistration(
        registration.id, response: proof(challenge, keys), as: other)
    }
  }

  private func confirm(
    with card: CardIdentity, keys: CardKeys, on device: DeviceID
  ) async throws {
    let request = TransactionRequest(
      card: card, kind: .transfer, fields: [TransactionField(label: "amount", value: "1")])
    let posted = try await store.post(
      request, by: Self.bank, as: caller(.institution(Self.bank), "post"))
    try await unless(.transactionState) {
      let claimed = try await store.claim(
        posted.id, card: card, by: device, as: caller(.device(device)))
      let code = try TransactionCode.code(for: claimed.challenge()) { _, message in
        try hmac(.sha256, key: keys.transactionKey, message: message)
      }
      let verification = try await store.verify(
        posted.id, code: code, as: caller(.institution(Self.bank)))
      guard verification.result == .accepted else { throw Failure(what: "a right code refused") }
    }
  }

  /// The refusal that says it was done before the interruption.
  private func unless(_ code: RefusalCode, _ body: () async throws -> Void) async throws {
    do { try await body() } catch let refusal as Refusal where refusal.code == code {}
  }
}

struct Failure: Error, CustomStringConvertible {
  let what: String
  var description: String { what }
}

import SmartOTP

/// A card's registrations with further institutions (S2, S3).
public protocol RegistrationStore: Sendable {
  /// In person, first step: the caller is the other institution; the document must be the
  /// cardholder's (`documentMismatch`). Repeating it before the proof draws a new challenge.
  func beginRegistration(
    of card: CardIdentity, with institution: InstitutionCode, document: IdentityDocument,
    as caller: Caller
  ) async throws(Refusal) -> (Registration, ProofChallenge, CardKeys)
  /// Second step: the card's HMAC over the challenge.
  func completeRegistration(
    _ id: RegistrationID, response: [UInt8], as caller: Caller
  ) async throws(Refusal) -> Registration
  /// Online: the signature is checked already; here the nonce is taken once (`requestReplayed`),
  /// and the signer must be the cardholder by name and document (`signerNotCardholder`).
  func registerOnline(
    _ request: OnlineRegistrationRequest, signer: Signer, as caller: Caller
  ) async throws(Refusal) -> Registration
  /// In the order in which they were made. An institution sees its own, an issuer those of its cards.
  func registrations(
    of card: CardIdentity, _ page: PageRequest
  ) async throws(Refusal) -> Page<Registration>
  func registration(_ id: RegistrationID) async throws(Refusal) -> Registration
  /// Ends one. The issuer's own goes with the card only (`cardState`).
  func withdraw(_ id: RegistrationID, as caller: Caller) async throws(Refusal) -> Registration
}

/// Whom an accredited certificate names.
public struct Signer: Hashable, Sendable {
  /// The subject's common name, in normalisation form C.
  public let name: String
  /// From the subject's serialNumber (ETSI EN 319 412-1); nil where there is none that names a
  /// document.
  public let document: IdentityDocument?

  public init(name: String, document: IdentityDocument?) {
    self.name = name
    self.document = document
  }
}

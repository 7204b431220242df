import Cryptography
import SmartOTP

/// Applications and the cards that come of them (S1).
public protocol IssueStore: Sendable {
  /// Takes an application at `institution`, or refuses it with every reason (`ineligible`). The
  /// identity document's number is kept as a keyed hash only. A customer is known again by the
  /// document. `replaces` must name a lost or retired card of the same customer.
  func apply(
    _ form: ApplicationForm, at institution: InstitutionCode, as caller: Caller
  ) async throws(Refusal) -> CardApplication
  func application(_ id: ApplicationID) async throws(Refusal) -> CardApplication
  func applications(
    at institution: InstitutionCode, _ page: PageRequest
  ) async throws(Refusal) -> Page<CardApplication>
  /// An open application ends; one with a reserved card retires it.
  func withdraw(_ id: ApplicationID, as caller: Caller) async throws(Refusal) -> CardApplication

  /// Reserves a card for an open application and draws its keys, or gives the same card and keys
  /// again while it is reserved or keyed (`applicationClosed` afterwards).
  func reserveCard(
    for application: ApplicationID, serial: Serial?, as caller: Caller
  ) async throws(Refusal) -> (Card, CardKeys)
  /// Notes on which card, by what its application calls itself, the keys of a reserved or keyed one
  /// are about to be written. Refused for any other from then on (`cardState`): two cards with one
  /// key would be one card twice.
  func keysBegun(
    _ card: CardIdentity, on applicationID: [UInt8], as caller: Caller
  ) async throws(Refusal) -> Card
  /// reserved or keyed → keyed, with a new challenge for the proof.
  func keysWritten(
    _ card: CardIdentity, as caller: Caller
  ) async throws(Refusal) -> ProofChallenge
  /// keyed → active, if `response` is the card's HMAC over the challenge; its issuer's registration
  /// is made in the same step. A wrong one uses the challenge up (`proofWrong`).
  func prove(
    _ card: CardIdentity, response: [UInt8], as caller: Caller
  ) async throws(Refusal) -> Card
  /// Gives a reserved or keyed card up: it is retired, its keys are destroyed, the application is
  /// open again.
  func abandon(
    _ card: CardIdentity, reason: String, as caller: Caller
  ) async throws(Refusal) -> Card

  func card(_ card: CardIdentity) async throws(Refusal) -> Card
  func cards(of issuer: InstitutionCode, _ page: PageRequest) async throws(Refusal) -> Page<Card>
  /// active → lost. In the same step: registrations withdrawn, gone from every device (each gets a
  /// `cardWithdrawn` event), open transactions cancelled. Repeating it changes nothing.
  func reportLost(
    _ card: CardIdentity, reason: String, as caller: Caller
  ) async throws(Refusal) -> Card
  /// The same end, for a card that is returned.
  func retire(
    _ card: CardIdentity, reason: String, as caller: Caller
  ) async throws(Refusal) -> Card
  /// Sets the count of wrong codes back; only the issuer, with the cardholder's identity document
  /// (`documentMismatch`).
  func unlock(
    _ card: CardIdentity, document: IdentityDocument, as caller: Caller
  ) async throws(Refusal) -> Card
  /// In which appliances speak to the cardholder; nil leaves it to them. Devices that have the card learn
  /// it when they next ask for their cards.
  func setLanguage(
    of card: CardIdentity, to language: Language?, as caller: Caller
  ) async throws(Refusal) -> Card
  /// Cards that a vendor personalised (PSKC): stored as `keyed`, to be proved before use.
  func importCard(
    _ card: CardIdentity, keys: CardKeys, for application: ApplicationID, as caller: Caller
  ) async throws(Refusal) -> Card
}

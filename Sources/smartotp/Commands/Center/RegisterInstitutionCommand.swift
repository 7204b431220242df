import ArgumentParser
import CenterClient
import Cryptography
import FoundationEssentials
import Glibc
import OTPCard
import SmartOTP

struct RegisterInstitutionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "register-institution",
    abstract: "Registers a customer's card with this institution as well.",
    discussion: """
      In person: the identity document is compared with what the card was issued on, and the card \
      proves its key on the reader. Online: the customer signs the request with an accredited \
      certificate, and no card is needed.

      Examples:
        smartotp register-institution --in-person K01:12345678
        smartotp register-institution --online K01:12345678 --certificate customer.p12
      """)

  enum Way: String, EnumerableFlag { case inPerson, online }

  @OptionGroup var options: GlobalOptions
  @OptionGroup var cardOptions: CardOptions
  @OptionGroup var centerOptions: CenterOptions
  @OptionGroup var documentOptions: DocumentOptions
  @OptionGroup var signing: SigningOptions

  @Flag(help: "How the customer shows who they are.")
  var way: Way

  @Argument(help: "The card's vendor code and serial number, as printed on it: K01:12345678.")
  var card: CardIdentity?

  func validate() throws {
    guard way == .online || signing.certificate == nil else {
      throw ValidationError("--certificate goes with --online.")
    }
  }

  func run() async throws {
    let card = try await Asked.card(card)
    try await InstitutionSession.run(centerOptions) { institution in
      let registration: Registration
      switch way {
      case .inPerson: registration = try await inPerson(card, at: institution)
      case .online: registration = try await online(card, at: institution)
      }
      StandardOutput.line(RegistrationLine(registration).text(json: options.json))
    }
  }

  private func inPerson(
    _ card: CardIdentity, at institution: InstitutionSession
  ) async throws -> Registration {
    let begun = try await institution.client.beginRegistration(
      InPersonRegistrationRequest(
        card: card, identityDocument: try await documentOptions.document()))
    StandardError.line(
      "smartotp: the identity document is the cardholder's; lay the card on the reader")
    let key = try institution.open(
      begun.accessKey, of: card, count: KeyDelivery.accessKeyByteCount)
    guard let accessKey = OATHAccessKey(key) else {
      throw CenterServiceError.malformedAnswer("the access key")
    }
    let session = try ReaderSession(options: options, traceOptions: cardOptions.trace)
    let response = try await session.run { reader in
      var id: [UInt8]?
      return try await CardIssue.proof(
        of: SmartOTPCredential(card), challenge: begun.challenge, accessKey: accessKey,
        at: CardStation(session: session, reader: reader, wait: cardOptions.wait), id: &id)
    }
    return try await institution.client.completeRegistration(
      begun.registration.id, ProofSubmission(response: response))
  }

  private func online(
    _ card: CardIdentity, at institution: InstitutionSession
  ) async throws -> Registration {
    let request = OnlineRegistrationRequest(
      card: card, institution: institution.identity.code,
      nonce: try randomBytes(count: 16).hexadecimal, time: UnixTime(Int64(time(nil))))
    let signed = try await signing.sign(Array(try JSONEncoder().encode(request)))
    return try await institution.client.registerOnline(
      SignedRegistrationRequest(signedRequest: Data(signed).base64EncodedString()))
  }
}

/// A registration as it is printed.
struct RegistrationLine: Encodable {
  var registration: String
  var card: String
  var institution: String
  var channel: String
  var state: String
  var createdAt: Int64

  init(_ registration: Registration) {
    self.registration = registration.id.text
    card = "\(registration.card)"
    institution = registration.institution.text
    channel = registration.channel.rawValue
    state = registration.state.rawValue
    createdAt = registration.createdAt.seconds
  }

  func text(json: Bool) -> String {
    json
      ? JSONLine.text(self)
      : "\(registration)  \(card)  institution \(institution)  \(channel)  \(state)"
  }
}

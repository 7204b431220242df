import ArgumentParser
import CenterClient
import Cryptography
import OTPCard
import SmartOTP

struct IssueCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "issue",
    abstract: "Issues a Smart OTP card to a customer.",
    discussion: """
      Takes the customer's application, has the centre reserve a card, writes its keys to the \
      blank card on the reader, and has the card prove them; then it is active. On a terminal, \
      what is missing is asked for. A card that is pulled goes on when it is laid on again; after \
      an interruption, --resume goes on from where it was. --abandon gives a card up that is not \
      active yet: its credential is deleted and its keys are destroyed.

      Examples:
        smartotp issue --center https://center.example:8443 --identity bank.pem
        smartotp issue --application form.json --json
        smartotp issue --resume app-7ZK3QJ0V5N2M8R4T
        smartotp issue --abandon app-7ZK3QJ0V5N2M8R4T
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var cardOptions: CardOptions
  @OptionGroup var centerOptions: CenterOptions
  @OptionGroup var form: ApplicationOptions

  @Option(help: ArgumentHelp("The serial number printed on the card.", valueName: "serial"))
  var serial: Serial?

  @Option(help: ArgumentHelp("Go on with this application.", valueName: "application"))
  var resume: ApplicationID?

  @Option(help: ArgumentHelp("Give up the card of this application.", valueName: "application"))
  var abandon: ApplicationID?

  @Flag(help: "With --abandon: the card is not at hand; tell the centre only.")
  var withoutCard = false

  @Flag(help: "Take a card that has other credentials; the access key will lock them as well.")
  var keepOthers = false

  func validate() throws {
    guard resume == nil || abandon == nil else {
      throw ValidationError("--resume and --abandon exclude each other.")
    }
    guard !withoutCard || abandon != nil else {
      throw ValidationError("--without-card goes with --abandon.")
    }
  }

  func run() async throws {
    try await InstitutionSession.run(centerOptions) { institution in
      if let abandon { return try await giveUp(abandon, at: institution) }
      let application: ApplicationID
      if let resume {
        application = resume
      } else {
        let taken = try await institution.client.apply(try await form.form())
        StandardError.line("smartotp: application \(taken.id) taken")
        application = taken.id
      }
      do {
        try await issue(application, at: institution)
      } catch {
        if let failure = CommandFailure(layer: error), failure.status != .interrupted {
          StandardError.line(
            "smartotp: to go on: smartotp issue --resume \(application); to give up: smartotp issue --abandon \(application)"
          )
          throw failure
        }
        throw error
      }
    }
  }

  private func issue(
    _ application: ApplicationID, at institution: InstitutionSession
  ) async throws {
    let reservation = try await institution.client.reserveCard(
      for: application, CardReservationRequest(serial: serial))
    StandardError.line(
      "smartotp: card \(reservation.card) reserved; lay the blank card on the reader")
    let keys = try IssueKeys(reservation, opened: institution)
    let session = try ReaderSession(options: options, traceOptions: cardOptions.trace)
    let card = try await session.run { reader in
      let station = CardStation(session: session, reader: reader, wait: cardOptions.wait)
      let issuing = CardIssue(
        reservation: reservation, keys: keys, station: station, keepsOthers: keepOthers)
      return try await issuing.run(with: institution.client)
    }
    show(card, of: application)
  }

  private func giveUp(
    _ application: ApplicationID, at institution: InstitutionSession
  ) async throws {
    let reservation = try await institution.client.reserveCard(
      for: application, CardReservationRequest())
    if !withoutCard {
      let keys = try IssueKeys(reservation, opened: institution)
      let session = try ReaderSession(options: options, traceOptions: cardOptions.trace)
      try await session.run { reader in
        let station = CardStation(session: session, reader: reader, wait: cardOptions.wait)
        try await CardIssue(
          reservation: reservation, keys: keys, station: station, keepsOthers: true
        ).wipe()
      }
      StandardError.line("smartotp: the card is wiped")
    }
    let card = try await institution.client.abandon(
      reservation.card, reason: withoutCard ? "given up, card not wiped" : "given up, card wiped")
    show(card, of: application)
  }

  struct Line: Encodable {
    var application: String
    var card: String
    var state: String
    var issuer: String
  }

  private func show(_ card: Card, of application: ApplicationID) {
    let line = Line(
      application: application.text, card: "\(card.card)", state: card.state.rawValue,
      issuer: card.issuer.text)
    StandardOutput.line(
      options.json ? JSONLine.text(line) : "\(card.card)  \(card.state.rawValue)")
  }
}

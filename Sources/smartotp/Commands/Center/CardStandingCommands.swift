import ArgumentParser
import CenterClient
import SmartOTP

struct UnlockCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unlock",
    abstract: "Lets a card that is locked after wrong codes be used again.",
    discussion: """
      The issuer's own, with the cardholder and the identity document at the counter.

      Example:
        smartotp unlock K01:12345678 --document-kind passport --document-number @number
      """)

  @OptionGroup var output: OutputOptions
  @OptionGroup var centerOptions: CenterOptions
  @OptionGroup var documentOptions: DocumentOptions

  @Argument(help: "The card's vendor code and serial number: K01:12345678.")
  var card: CardIdentity?

  func run() async throws {
    let card = try await Asked.card(card)
    let document = try await documentOptions.document()
    try await InstitutionSession.run(centerOptions) { institution in
      let unlocked = try await institution.client.unlock(card, document: document)
      StandardOutput.line(CardStandingLine(unlocked).text(json: output.json))
    }
  }
}

struct ReportLostCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report-lost",
    abstract: "Stops a lost card everywhere, at once and for good.",
    discussion: """
      Any institution that the card is registered with may report it.

      Example:
        smartotp report-lost K01:12345678 --reason "left on a train"
      """)

  @OptionGroup var output: OutputOptions
  @OptionGroup var centerOptions: CenterOptions

  @Option(help: "What happened, for the records.")
  var reason = "reported lost"

  @Argument(help: "The card's vendor code and serial number: K01:12345678.")
  var card: CardIdentity?

  func run() async throws {
    let card = try await Asked.card(card)
    try await InstitutionSession.run(centerOptions) { institution in
      let lost = try await institution.client.reportLost(card, reason: reason)
      StandardOutput.line(CardStandingLine(lost).text(json: output.json))
    }
  }
}

/// A card's standing at the centre as it is printed.
struct CardStandingLine: Encodable {
  var card: String
  var state: String
  var issuer: String
  var wrongCodes: Int

  init(_ card: Card) {
    self.card = "\(card.card)"
    state = card.state.rawValue
    issuer = card.issuer.text
    wrongCodes = card.wrongCodes
  }

  func text(json: Bool) -> String {
    json ? JSONLine.text(self) : "\(card)  \(state)"
  }
}

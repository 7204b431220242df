import ArgumentParser
import SmartOTP

struct GiveCode: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "code",
    abstract: "Gives a one-time code for registering a device, or a card on a device.",
    discussion: """
      Good once, for ten minutes. It is shown here only.

      EXAMPLES
        smartotp-center device code --for 004
        smartotp-center device code --for 004 --card K01:12345678
      """)

  @Option(name: .customLong("for"), help: "The institution in whose name it is given.")
  var institution: InstitutionCode
  @Option(help: "The card that may be put on a device with it.") var card: CardIdentity?
  @OptionGroup var local: LocalOperator
  @OptionGroup var output: OutputOption

  func perform() async throws {
    let issued = try await local.openStore().issueRegistrationCode(
      RegistrationCodeRequest(
        purpose: card == nil ? .device : .card, card: card, institution: institution),
      as: local.caller)
    try output.show(issued, text: issued.code.grouped)
  }
}

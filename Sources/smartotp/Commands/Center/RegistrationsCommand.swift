import ArgumentParser
import CenterClient
import SmartOTP

struct RegistrationsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "registrations",
    abstract: "Lists a card's registrations with institutions, or ends one.",
    discussion: """
      The issuer sees all of them, another institution its own.

      Examples:
        smartotp registrations K01:12345678
        smartotp registrations --withdraw reg-7ZK3QJ0V5N2M8R4T
      """)

  @OptionGroup var output: OutputOptions
  @OptionGroup var centerOptions: CenterOptions

  @Option(help: ArgumentHelp("End this registration.", valueName: "registration"))
  var withdraw: RegistrationID?

  @Argument(help: "The card's vendor code and serial number: K01:12345678.")
  var card: CardIdentity?

  func validate() throws {
    guard withdraw == nil || card == nil else {
      throw ValidationError("--withdraw takes the registration alone, without the card.")
    }
  }

  func run() async throws {
    try await InstitutionSession.run(centerOptions) { institution in
      let registrations: [Registration]
      if let withdraw {
        registrations = [try await institution.client.withdrawRegistration(withdraw)]
      } else {
        registrations = try await institution.client.registrations(
          of: try await Asked.card(card))
      }
      for registration in registrations {
        StandardOutput.line(RegistrationLine(registration).text(json: output.json))
      }
    }
  }
}

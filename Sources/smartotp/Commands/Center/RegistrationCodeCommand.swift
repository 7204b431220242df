import ArgumentParser
import CenterClient
import SmartOTP

struct RegistrationCodeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "registration-code",
    abstract: "Gives a customer a one-time code for a device, or for a card on a device.",
    discussion: """
      The code is shown once, serves once, and holds for ten minutes.

      Examples:
        smartotp registration-code                  for smartotp device register
        smartotp registration-code K01:12345678     for smartotp device add-card
      """)

  @OptionGroup var output: OutputOptions
  @OptionGroup var centerOptions: CenterOptions

  @Argument(help: "The card that is to be put on a device; without it, the code is for a device.")
  var card: CardIdentity?

  struct Line: Encodable {
    var code: String
    var expiresAt: Int64
  }

  func run() async throws {
    try await InstitutionSession.run(centerOptions) { institution in
      let issued = try await institution.client.issueRegistrationCode(
        RegistrationCodeRequest(purpose: card == nil ? .device : .card, card: card))
      let line = Line(code: issued.code.grouped, expiresAt: issued.expiresAt.seconds)
      StandardOutput.line(output.json ? JSONLine.text(line) : line.code)
    }
  }
}

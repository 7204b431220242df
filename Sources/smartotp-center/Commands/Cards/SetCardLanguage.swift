import ArgumentParser
import SmartOTP

struct SetCardLanguage: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "language",
    abstract: "Sets the language in which appliances speak to the cardholder.",
    discussion: """
      An appliance that has the card learns it when it next connects to the centre. Displays with
      ASCII alone stay English.

      EXAMPLES
        smartotp-center card language K01:12345678 ko
        smartotp-center card language K01:12345678 --none
      """)

  @Argument(help: "VENDOR:SERIAL.") var card: CardIdentity
  @Argument(help: "en, ko or hi.") var language: Language?
  @Flag(help: "Leave it to each appliance.") var none = false
  @OptionGroup var local: LocalOperator
  @OptionGroup var output: OutputOption

  func validate() throws {
    guard none == (language == nil) else {
      throw ValidationError("Give a language, or --none.")
    }
  }

  func perform() async throws {
    let changed = try await local.openStore().setLanguage(
      of: card, to: language, as: local.caller)
    try output.show(changed, text: changed.line)
  }
}

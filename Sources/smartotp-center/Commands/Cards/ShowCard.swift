import ArgumentParser
import SmartOTP

struct ShowCard: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Shows a card and where it is registered.")

  @Argument(help: "VENDOR:SERIAL, such as K01:12345678.") var card: CardIdentity
  @OptionGroup var local: LocalOperator
  @OptionGroup var output: OutputOption

  func perform() async throws {
    let store = try local.openStore()
    let found = try await store.card(card)
    try output.show(found, text: found.line)
    try await output.list(text: \Registration.indentedLine) {
      try await store.registrations(of: card, $0)
    }
  }
}

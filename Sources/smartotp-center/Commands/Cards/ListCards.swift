import ArgumentParser
import SmartOTP

struct ListCards: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists the cards of an issuer.")

  @Argument(help: "The issuer's code.") var issuer: InstitutionCode
  @OptionGroup var local: LocalOperator
  @OptionGroup var output: OutputOption

  func perform() async throws {
    let store = try local.openStore()
    try await output.list(text: \Card.line) { try await store.cards(of: issuer, $0) }
  }
}

import ArgumentParser
import SmartOTP

struct LoseCard: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "lost",
    abstract: "Reports a card lost: nothing takes it from then on. There is no way back.")

  @Argument(help: "VENDOR:SERIAL.") var card: CardIdentity
  @Option(help: "Why, for the audit.") var reason = "reported lost"
  @OptionGroup var local: LocalOperator
  @OptionGroup var output: OutputOption

  func perform() async throws {
    let lost = try await local.openStore().reportLost(card, reason: reason, as: local.caller)
    try output.show(lost, text: lost.line)
  }
}

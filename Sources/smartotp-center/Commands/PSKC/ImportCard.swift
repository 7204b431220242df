import ArgumentParser
import PSKC
import SmartOTP

struct ImportCard: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "import-card",
    abstract: "Takes a card that its vendor personalised, for an open application.",
    discussion: """
      The card has yet to prove its key by a tap (smartotp issue --resume) before it is active.

      EXAMPLES
        smartotp-center pskc import-card card.xml --application app-… --passphrase secret.txt
      """)

  @Argument(help: "PSKC, XML, with the card's two keys.") var file: String
  @Option(help: "The application it is for.") var application: ApplicationID
  @OptionGroup var protection: KeyFileOptions
  @OptionGroup var local: LocalOperator
  @OptionGroup var output: OutputOption

  func perform() async throws {
    let package = try CardKeyPackages(PSKCContainer.read(file, protection), file: file)
    let card = try await local.openStore().importCard(
      package.card, keys: package.keys, for: application, as: local.caller)
    try output.show(card, text: card.line)
  }
}

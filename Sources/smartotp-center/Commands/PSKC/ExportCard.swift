import ArgumentParser
import Cryptography
import PSKC
import SmartOTP

struct ExportCard: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "export-card",
    abstract: "Reserves a card for an application and writes its keys for a vendor to personalise.",
    discussion: """
      EXAMPLES
        smartotp-center pskc export-card app-… --out card.xml --passphrase secret.txt
      """)

  @Argument(help: "The application.") var application: ApplicationID
  @Option(help: "The card's own serial number; else the centre draws one.") var serial: Serial?
  @Option(help: ArgumentHelp("The new file.", valueName: "file")) var out: String
  @Flag(help: "Write the keys unencrypted.") var plain = false
  @OptionGroup var protection: KeyFileOptions
  @OptionGroup var local: LocalOperator
  @OptionGroup var output: OutputOption

  func perform() async throws {
    let chosen = try protection.protection(plain: plain)
    let (card, keys) = try await local.openStore().reserveCard(
      for: application, serial: serial, as: local.caller)
    let document: SecretBytes
    do throws(PSKCError) {
      document = try CardKeyPackages(card: card.card, keys: keys).container
        .xml(protection: chosen)
    } catch {
      throw CommandFailure(.internal, error.description)
    }
    try PrivateFile.create(out, document.withUnsafeBytes { Array($0) })
    try output.show(card, text: "\(card.card) in \(out)")
  }
}

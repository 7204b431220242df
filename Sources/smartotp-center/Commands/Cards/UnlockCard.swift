import ArgumentParser
import SmartOTP

struct UnlockCard: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "unlock",
    abstract: "Takes the lock of ten wrong codes off, for the issuer, in person.",
    discussion: """
      The cardholder stands at the issuer's counter with the identity document.

      EXAMPLES
        smartotp-center card unlock K01:12345678 --issuer 004 --document passport --number M12345678
      """)

  @Argument(help: "VENDOR:SERIAL.") var card: CardIdentity
  @Option(help: "The issuer at whose counter the cardholder is.") var issuer: InstitutionCode
  @Option(help: "The kind of identity document.") var document: IdentityDocument.Kind
  @Option(help: "Its number.") var number: String
  @Option(help: "Its country.") var country = "KR"
  @OptionGroup var local: LocalOperator
  @OptionGroup var output: OutputOption

  func perform() async throws {
    let shown: IdentityDocument
    do {
      shown = try IdentityDocument(kind: document, country: country, number: number)
    } catch {
      throw ValidationError(error.rule)
    }
    let unlocked = try await local.openStore().unlock(
      card, document: shown, as: .init(.institution(issuer), at: .now))
    try output.show(unlocked, text: unlocked.line)
  }
}

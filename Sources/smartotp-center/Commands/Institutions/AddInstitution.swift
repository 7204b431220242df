import ArgumentParser
import Foundation
import SmartOTP

struct AddInstitution: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Adds an institution.",
    discussion: """
      With --vendor it issues Smart OTP cards under that vendor code.

      EXAMPLES
        smartotp-center institution add 004 "First bank" --vendor K01
        smartotp-center institution add 088 "Second bank"
      """)

  @Argument(help: "1 to 8 of A-Z and 0-9.") var code: InstitutionCode
  @Argument(help: "Its name, as customers know it.") var name: String
  @Option(help: "The vendor code of the cards it issues.") var vendor: VendorCode?
  @OptionGroup var local: LocalOperator
  @OptionGroup var output: OutputOption

  func perform() async throws {
    let institution = try await local.openStore().add(
      Institution(
        code: code, name: name.precomposedStringWithCanonicalMapping, vendorCode: vendor),
      as: local.caller)
    try output.show(institution, text: institution.line)
  }
}

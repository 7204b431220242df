import ArgumentParser
import SmartOTP

struct ListAudit: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Prints the audit, oldest first.",
    discussion: """
      EXAMPLES
        smartotp-center audit list --json | jq 'select(.subject == "card:K01:12345678")'
      """)

  @OptionGroup var local: LocalOperator
  @OptionGroup var output: OutputOption

  func perform() async throws {
    let store = try local.openStore()
    try await output.list(text: \AuditRecord.line) { try await store.audit($0) }
  }
}

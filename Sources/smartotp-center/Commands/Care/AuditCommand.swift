import ArgumentParser
import CenterStore
import SmartOTP

/// `smartotp-center audit`: what was changed by whom.
struct AuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "The audit: list it, check its chain.",
    subcommands: [ListAudit.self, VerifyAudit.self])
}

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

struct VerifyAudit: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Checks that no audit record was altered, taken out or cut off.")

  @OptionGroup var local: LocalOperator
  @OptionGroup var output: OutputOption

  func perform() async throws {
    let report = try await local.openStore().verifyAudit()
    guard report.isIntact else {
      throw CommandFailure(
        .badData, report.description,
        todo: "keep this database for inquiry and compare it with a backup")
    }
    try output.show(["audit": "intact"], text: report.description)
  }
}

extension AuditRecord {
  var line: String { "\(number)  \(time)  \(actor)  \(action)  \(subject)  \(detail)" }
}

import ArgumentParser

/// `smartotp-center audit`: what was changed by whom.
struct AuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "The audit: list it, check its chain.",
    subcommands: [ListAudit.self, VerifyAudit.self])
}

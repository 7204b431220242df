import ArgumentParser
import CenterStore

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

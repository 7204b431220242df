import ArgumentParser
import CenterStore

/// `smartotp-center verify`: every rule that always holds.
struct VerifyCommand: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Checks the whole store: tables, rules, encryption, audit.",
    discussion: "The centre may run meanwhile.")

  @OptionGroup var local: LocalOperator
  @OptionGroup var output: OutputOption

  func perform() async throws {
    let store = try local.openStore()
    let violations = try await store.verify()
    for violation in violations {
      try output.show(
        ["rule": violation.rule, "place": violation.place], text: violation.description)
    }
    guard violations.isEmpty else {
      throw CommandFailure(
        .badData, "\(violations.count) rules are broken",
        todo: "stop the centre, keep a copy of its directory, and restore a backup")
    }
    if !output.json { print("every rule holds") }
  }
}

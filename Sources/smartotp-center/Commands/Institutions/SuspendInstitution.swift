import ArgumentParser
import SmartOTP

struct SuspendInstitution: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "suspend",
    abstract: "Stops an institution from acting; its cards and registrations stay.")

  @Argument(help: "Which.") var code: InstitutionCode
  @OptionGroup var local: LocalOperator
  @OptionGroup var output: OutputOption

  func perform() async throws {
    try await setSuspended(true, code, local, output)
  }
}

struct ResumeInstitution: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Lets a suspended institution act again.")

  @Argument(help: "Which.") var code: InstitutionCode
  @OptionGroup var local: LocalOperator
  @OptionGroup var output: OutputOption

  func perform() async throws {
    try await setSuspended(false, code, local, output)
  }
}

private func setSuspended(
  _ suspended: Bool, _ code: InstitutionCode, _ local: LocalOperator, _ output: OutputOption
) async throws {
  let store = try local.openStore()
  var institution = try await store.institution(code)
  institution.isSuspended = suspended
  institution = try await store.update(institution, as: local.caller)
  try output.show(institution, text: institution.line)
}

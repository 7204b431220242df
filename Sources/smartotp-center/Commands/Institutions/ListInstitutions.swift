import ArgumentParser
import SmartOTP

struct ListInstitutions: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Lists the institutions.")

  @OptionGroup var local: LocalOperator
  @OptionGroup var output: OutputOption

  func perform() async throws {
    let store = try local.openStore()
    try await output.list(text: \Institution.line) { try await store.institutions($0) }
  }
}

extension Institution {
  /// One line: code, what it does, name.
  var line: String {
    let role =
      isSuspended ? "suspended" : vendorCode.map { "issues \($0)" } ?? "takes registrations"
    return "\(code)  \(role)  \(name)"
  }
}

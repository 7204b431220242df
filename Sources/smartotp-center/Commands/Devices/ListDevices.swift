import ArgumentParser
import SmartOTP

struct ListDevices: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists the devices, or those of one institution.")

  @Option(name: .customLong("for"), help: "Only those whose code the institution gave.")
  var institution: InstitutionCode?
  @OptionGroup var local: LocalOperator
  @OptionGroup var output: OutputOption

  func perform() async throws {
    let store = try local.openStore()
    try await output.list(text: \Device.line) { try await store.devices(of: institution, $0) }
  }
}

import ArgumentParser
import SmartOTP

struct RevokeDevice: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke",
    abstract: "A lost device: its certificate is refused and its cards are taken off it.")

  @Argument(help: "The device's id.") var device: DeviceID
  @Option(help: "Why, for the audit.") var reason = "reported lost"
  @OptionGroup var local: LocalOperator
  @OptionGroup var output: OutputOption

  func perform() async throws {
    let revoked = try await local.openStore().revoke(device, reason: reason, as: local.caller)
    try output.show(revoked, text: revoked.line)
  }
}

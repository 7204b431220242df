import ArgumentParser
import SmartOTP

/// `smartotp-center device`: the appliances.
struct DeviceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "device",
    abstract: "Devices: registration codes, what is registered, loss.",
    subcommands: [GiveCode.self, ListDevices.self, RevokeDevice.self])
}

struct GiveCode: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "code",
    abstract: "Gives a one-time code for registering a device, or a card on a device.",
    discussion: """
      Good once, for ten minutes. It is shown here only.

      EXAMPLES
        smartotp-center device code --for 004
        smartotp-center device code --for 004 --card K01:12345678
      """)

  @Option(name: .customLong("for"), help: "The institution in whose name it is given.")
  var institution: InstitutionCode
  @Option(help: "The card that may be put on a device with it.") var card: CardIdentity?
  @OptionGroup var local: LocalOperator
  @OptionGroup var output: OutputOption

  func perform() async throws {
    let issued = try await local.openStore().issueRegistrationCode(
      RegistrationCodeRequest(
        purpose: card == nil ? .device : .card, card: card, institution: institution),
      as: local.caller)
    try output.show(issued, text: issued.code.grouped)
  }
}

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

extension Device {
  /// One line: id, state, institution, name.
  var line: String { "\(id)  \(state.rawValue)  \(institution)  \(name)" }
}

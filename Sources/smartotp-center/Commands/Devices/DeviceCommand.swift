import ArgumentParser

/// `smartotp-center device`: the appliances.
struct DeviceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "device",
    abstract: "Devices: registration codes, what is registered, loss.",
    subcommands: [GiveCode.self, ListDevices.self, RevokeDevice.self])
}

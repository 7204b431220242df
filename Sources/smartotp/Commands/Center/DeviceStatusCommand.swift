import ArgumentParser
import CenterClient
import DeviceIdentity
import SmartOTP

struct DeviceStatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Shows this device's registration, here and at the centre.",
    discussion: """
      The status is 78 when the device must be registered, or registered again.

      Examples:
        smartotp device status
        smartotp device status --offline --json
      """)

  @OptionGroup var output: OutputOptions
  @OptionGroup var centerOptions: CenterOptions

  @Flag(help: "Do not ask the centre.")
  var offline = false

  func run() async throws {
    let state = try DeviceSession.state(centerOptions)
    let count: Int
    do throws(DeviceIdentityError) { count = try state.cards().count } catch {
      throw CommandFailure(error)
    }
    guard !offline else {
      return show(DeviceLine(state.record, state: "not asked", cards: count))
    }
    try await DeviceSession.run(centerOptions) { device in
      let known = try await device.client.device()
      show(DeviceLine(device.state.record, state: known.state.rawValue, cards: count))
    }
  }

  private func show(_ line: DeviceLine) {
    StandardOutput.line(output.json ? JSONLine.text(line) : line.text)
  }
}

struct DeviceRenewCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "renew",
    abstract: "Gets a new certificate for this device.",
    discussion: "Every command renews it by itself in the last 30 days.")

  @OptionGroup var output: OutputOptions
  @OptionGroup var centerOptions: CenterOptions

  func run() async throws {
    try await DeviceSession.run(centerOptions) { device in
      var state = device.state
      try state.renew(with: try await device.client.renew(try state.renewalRequest()))
      let line = DeviceLine(state.record, state: "active", cards: try state.cards().count)
      StandardOutput.line(output.json ? JSONLine.text(line) : line.text)
    }
  }
}

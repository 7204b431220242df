import ArgumentParser
import CenterClient
import DeviceIdentity
import SmartOTP

struct DeviceCardsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cards",
    abstract: "Lists the cards on this device.",
    discussion: """
      A card that was withdrawn at the centre is forgotten here as well.

      Example:
        smartotp device cards --json
      """)

  @OptionGroup var output: OutputOptions
  @OptionGroup var centerOptions: CenterOptions

  func run() async throws {
    try await DeviceSession.run(centerOptions) { device in
      let known = try await device.client.deviceCards()
      let held = try device.state.cards()
      for card in known {
        let isHeld = held.contains { $0.card == card.card }
        let note = isHeld ? nil : "its key is not here; add it again"
        StandardOutput.line(DeviceCardLine(card, note: note).text(json: output.json))
      }
      for card in held where !known.contains(where: { $0.card == card.card }) {
        try device.state.remove(card.card)
        StandardError.line(
          "smartotp: \(card.card) is no longer on this device; its key is forgotten")
      }
    }
  }
}

struct DeviceRemoveCardCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove-card",
    abstract: "Takes a card off this device.",
    discussion: """
      The card itself stays as it is and works on its other devices.

      Example:
        smartotp device remove-card K01:12345678
      """)

  @OptionGroup var output: OutputOptions
  @OptionGroup var centerOptions: CenterOptions

  @Argument(help: "The card's vendor code and serial number: K01:12345678.")
  var card: CardIdentity?

  func run() async throws {
    let card = try await Asked.card(card)
    try await DeviceSession.run(centerOptions) { device in
      do {
        try await device.client.removeCard(card)
      } catch CenterServiceError.refused(let refusal) where refusal.code == .cardNotOnDevice {
        // Gone at the centre: what is left of it here goes as well.
        guard try device.state.cards().contains(where: { $0.card == card }) else {
          throw CenterServiceError.refused(refusal)
        }
      }
      try device.state.remove(card)
      StandardOutput.line(
        output.json ? JSONLine.text(["card": "\(card)", "state": "removed"]) : "\(card)  removed")
    }
  }
}

import ArgumentParser
import CenterClient
import DeviceIdentity
import Glibc
import SmartOTP

struct DeviceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "device",
    abstract: "Registers this machine with the centre, and cards on it.",
    discussion: """
      One-time passwords are made on registered devices only: the card refuses any other. The \
      registration holds for this hardware; state that is copied elsewhere does not open.

      Examples:
        smartotp device register --center https://center.example:8443 --ca center.pem
        smartotp device add-card K01:12345678 --code 7ZK3Q-J0V5N
        smartotp device status
      """,
    subcommands: [
      DeviceRegisterCommand.self, DeviceStatusCommand.self, DeviceCardsCommand.self,
      DeviceAddCardCommand.self, DeviceRemoveCardCommand.self, DeviceRenewCommand.self,
    ])
}

/// A device as it is printed.
struct DeviceLine: Encodable {
  var device: String
  var name: String
  var state: String
  var institution: String
  var center: String
  var certificateExpiresAt: Int64
  var cards: Int

  init(_ record: DeviceRecord, state: String, cards: Int) {
    device = record.id.text
    name = record.name
    self.state = state
    institution = record.institution.text
    center = record.center
    certificateExpiresAt = record.certificateExpiresAt.seconds
    self.cards = cards
  }

  var text: String {
    let days = (certificateExpiresAt - Int64(time(nil))) / 86_400
    return """
      device \(device) (\(name)), \(state)
      centre \(center), registered by institution \(institution)
      certificate good for \(days) days
      cards \(cards)
      """
  }
}

/// A card on the device as it is printed.
struct DeviceCardLine: Encodable {
  var card: String
  var issuer: String
  var issuerName: String
  var language: String?
  /// Where the two sides differ: `missing here`, `gone at the centre`.
  var note: String?

  init(_ card: DeviceCard, note: String? = nil) {
    self.card = "\(card.card)"
    issuer = card.issuer.text
    issuerName = card.issuerName
    language = card.language?.rawValue
    self.note = note
  }

  func text(json: Bool) -> String {
    json
      ? JSONLine.text(self)
      : "\(card)  \(issuer) \(issuerName)\(language.map { "  \($0)" } ?? "")\(note.map { "  (\($0))" } ?? "")"
  }
}

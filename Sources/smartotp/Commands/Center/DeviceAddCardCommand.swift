import ArgumentParser
import CenterClient
import Cryptography
import DeviceIdentity
import OTPCard
import Reader
import SmartOTP

struct DeviceAddCardCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add-card",
    abstract: "Puts a card on this device.",
    discussion: """
      The institution gives a code for the card. The centre checks that no other card of the same \
      issuer is on this device and delivers the card's access key, and the card on the reader must \
      prove that it has this key. A locked card does not say which one it is: name it, as printed \
      on it. A smartotpd that runs here lends its reader for that while no transaction is at hand.

      Example:
        smartotp device add-card K01:12345678 --code 7ZK3Q-J0V5N
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var cardOptions: CardOptions
  @OptionGroup var centerOptions: CenterOptions

  @Option(help: "The registration code for this card.")
  var code: RegistrationCode?

  @Argument(help: "The card's vendor code and serial number: K01:12345678.")
  var card: CardIdentity?

  func run() async throws {
    try await DeviceSession.run(centerOptions) { device in
      let session = try ReaderSession(options: options, traceOptions: cardOptions.trace)
      let line = try await session.run { reader in
        let station = CardStation(session: session, reader: reader, wait: cardOptions.wait)
        return try await add(to: device, at: station)
      }
      StandardOutput.line(line.text(json: options.json))
    }
  }

  private func add(to device: DeviceSession, at station: CardStation) async throws -> DeviceCardLine
  {
    // Before the code is used up: is there a card, and which?
    var id: [UInt8]?
    let identity = try await identity(at: station, id: &id)
    let code = try await Asked.code(code, for: "card \(identity)")
    let added = try await device.client.addCard(DeviceCardRequest(code: code, card: identity))
    guard added.card == identity, let envelope = added.accessKey else {
      throw CenterServiceError.malformedAnswer("DeviceCard")
    }
    let key = try device.open(envelope, of: identity)
    do {
      try await prove(identity, key, at: station, id: &id)
    } catch {
      // A key that no card here has must not stay on this device.
      try? await device.client.removeCard(identity)
      throw error
    }
    try device.state.save(
      StoredCard(
        card: identity, issuer: added.issuer, issuerName: added.issuerName, applicationID: id,
        accessKey: key, language: added.language))
    return DeviceCardLine(added)
  }

  /// Which card lies there: what was said, or what an open card shows.
  private func identity(
    at station: CardStation, id: inout [UInt8]?
  ) async throws -> CardIdentity {
    let contents = try await station.perform(access: .open, id: &id) {
      card, deadline throws(OATHError) in try await card.contents(deadline: deadline)
    }
    guard contents.selection.isLocked else {
      let shown = contents.credentials?.smartOTPs.first
      throw CommandFailure(
        shown.map {
          "the card \($0.vendorCode):\($0.serial) has no access key, so it makes codes on any device; its issuer must personalise it again"
        } ?? "this card is no Smart OTP: it has no access key; tap another", .badData)
    }
    return try await Asked.card(card)
  }

  /// - Throws: `CommandFailure` unless the card accepts the key, proves it, and holds the credential.
  private func prove(
    _ identity: CardIdentity, _ key: SecretBytes, at station: CardStation, id: inout [UInt8]?
  ) async throws {
    guard let accessKey = OATHAccessKey(key) else {
      throw CenterServiceError.malformedAnswer("the access key")
    }
    let contents: OATHContents
    do {
      contents = try await station.perform(access: .required(accessKey), id: &id) {
        card, deadline throws(OATHError) in try await card.contents(deadline: deadline)
      }
    } catch let failure as CommandFailure where failure.status == .permission {
      throw CommandFailure(
        "the card on the reader is not \(identity): it does not accept that card's access key; nothing was registered",
        .permission)
    }
    let credential = try SmartOTPCredential(identity)
    guard contents.credentials?.smartOTPs.contains(credential) == true else {
      throw CommandFailure(
        "the card accepts the access key of \(identity) and does not hold its credential; its issuer must look at it",
        .badData)
    }
  }
}

import ArgumentParser
import CenterClient
import DeviceIdentity
import OTPCard
import OneTimePassword
import Reader
import SmartOTP

struct ConfirmCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "confirm",
    abstract: "Shows what waits for a card, and makes the code with a second tap.",
    discussion: """
      First tap: which card it is, and what its bank wants confirmed. Read it. Lift the card and \
      tap again: the code is printed. Another card at the second tap confirms nothing. Ctrl-C \
      leaves the transaction as it is; --cancel takes it back at the bank.

      Examples:
        smartotp confirm
        smartotp confirm --json --wait 60
        smartotp confirm --cancel
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var cardOptions: CardOptions
  @OptionGroup var centerOptions: CenterOptions

  @Option(help: ArgumentHelp("With several waiting: this one.", valueName: "transaction"))
  var transaction: TransactionID?

  @Flag(help: "Take back what waits for the card, and make no code.")
  var cancel = false

  func run() async throws {
    try await DeviceSession.run(centerOptions) { device in
      let session = try ReaderSession(options: options, traceOptions: cardOptions.trace)
      let cards = try device.state.cards()
      guard !cards.isEmpty else {
        throw CommandFailure(
          "there is no card on this device; add one with smartotp device add-card", .configuration)
      }
      try await session.run { reader in
        try await confirm(
          device, DeviceTap(cards: cards, session: session, reader: reader))
      }
    }
  }

  private func confirm(_ device: DeviceSession, _ tap: DeviceTap) async throws {
    let channel = try await tap.session.card(on: tap.reader, wait: cardOptions.wait)
    let card = try await tap.identify(channel)
    let watch = PresenceWatch(
      channel, on: tap.reader, until: .now + .seconds(cardOptions.wait + Self.readingTime))
    let offered: Transaction
    do {
      offered = try await waiting(for: card, at: device)
      if cancel {
        await watch.stop()
        return show(try await device.client.cancel(offered.id))
      }
      show(offered)
    } catch {
      await watch.stop()
      throw error
    }
    try await SecondTap(
      card: card, transaction: offered, tap: tap, client: device.client, wait: cardOptions.wait
    ).run(
      watch, lifted: showLifted,
      show: { code, transaction in show(code, transaction) })
  }

  private func showLifted() {
    if options.json {
      StandardOutput.line(JSONLine.text(["event": "card-left"]))
    } else {
      StandardError.line("Tap again to confirm.")
    }
  }

  /// How long a person may read beyond `--wait`, in seconds.
  static let readingTime = 60.0

  private func waiting(for card: StoredCard, at device: DeviceSession) async throws -> Transaction {
    let open = try await device.client.openTransactions(for: card.card)
    if let transaction {
      guard let found = open.first(where: { $0.id == transaction }) else {
        throw CommandFailure("\(transaction) does not wait for card \(card.card)", .badData)
      }
      return found
    }
    guard let first = open.first else {
      throw CommandFailure(
        "nothing waits for card \(card.card); enter the transaction at the bank first", .tryAgain)
    }
    if open.count > 1 {
      StandardError.line("smartotp: \(open.count - 1) more wait for this card")
    }
    return first
  }

  struct Offer: Encodable {
    var event = "transaction"
    var transaction: Transaction
  }

  private func show(_ transaction: Transaction) {
    guard !options.json else {
      return StandardOutput.line(
        JSONLine.text(
          Offer(
            event: transaction.state == .cancelled ? "cancelled" : "transaction",
            transaction: transaction)))
    }
    guard transaction.state != .cancelled else {
      return StandardOutput.line("\(transaction.id)  cancelled")
    }
    StandardError.line(TransactionText.text(transaction))
    StandardError.line("Is this what you want? Then lift the card and tap again. Ctrl-C: no.")
  }

  struct Line: Encodable {
    var event = "code"
    var code: String
    var digits: Int
    var transaction: String
    var card: String
    var validUntil: Int64?
  }

  private func show(_ code: OneTimeCode, _ transaction: Transaction) {
    let line = Line(
      code: code.digitsText, digits: code.digitCount, transaction: transaction.id.text,
      card: "\(transaction.card)", validUntil: transaction.codeExpiresAt?.seconds)
    StandardOutput.line(options.json ? JSONLine.text(line) : line.code)
  }
}

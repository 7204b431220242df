import Appliance
import Cryptography
import DeviceIdentity
import OTPCard
import OneTimePassword
import Reader
import Simulation
import SmartOTP
import Testing

/// An appliance on the real libnfc and a simulated PN532, with two banks' cards and a scripted centre.
struct Branch: Sendable {
  static let first = CardIdentity(
    vendorCode: VendorCode(accepted: "K01"), serial: Serial(accepted: "12345678"))
  static let second = CardIdentity(
    vendorCode: VendorCode(accepted: "K02"), serial: Serial(accepted: "87654321"))
  static let key = Array("01234567890123456789012345678901".utf8)

  static func accessKey(of card: CardIdentity) -> [UInt8] {
    card == first ? [UInt8](0..<16) : [UInt8](16..<32)
  }

  let hardware: SimulatedReader
  let cards: [CardIdentity: Simulation.OATHCard]
  let center = ScriptedCenter()
  let display = PictureRecorder()
  let loop: ApplianceLoop

  /// Runs `body` with an appliance that is idle, and stops it.
  static func run(
    times: SessionTimes = SessionTimes(), displays: [any OTPDisplay] = [],
    _ body: @Sendable (Branch) async throws -> Void
  ) async throws {
    let branch = try Branch(times: times, displays: displays)
    await branch.start()
    do {
      try await body(branch)
      await branch.loop.stop()
    } catch {
      await branch.loop.stop()
      throw error
    }
    branch.hardware.stop()
  }

  private init(times: SessionTimes, displays: [any OTPDisplay]) throws {
    hardware = try SimulatedReader()
    var cards: [CardIdentity: Simulation.OATHCard] = [:]
    for (number, card) in [Self.first, Self.second].enumerated() {
      cards[card] = Simulation.OATHCard(
        activation: .typeA(.isoDEP(uid: [4, 1, 2, 3, 4, 5, UInt8(number)])),
        credentials: [
          .smartOTP(vendor: card.vendorCode.text, serial: card.serial.text, key: Self.key)
        ],
        accessKey: Self.accessKey(of: card), seed: UInt64(number + 1))
    }
    self.cards = cards
    loop = ApplianceLoop(
      configuration: ApplianceConfiguration(times: times), displays: [display] + displays)
  }

  private func start() async {
    await loop.start()
    let line = AsyncStream<ReaderNotice>.makeStream()
    let reader = LibNFCReader(
      connstring: hardware.connectionString, noticed: { line.continuation.yield($0) })
    await loop.set(
      DeviceContext(
        center: center,
        cards: [Self.first, Self.second].map { card in
          StoredCard(
            card: card, issuer: InstitutionCode(accepted: "004"), issuerName: "Hankang Bank",
            applicationID: nil, accessKey: SecretBytes(Self.accessKey(of: card)))
        }))
    let events = loop.events()
    await loop.attach(reader)
    let loop = loop
    Task { for await notice in line.stream { await loop.take(notice) } }
    // It rests once it has seen that the reader is clear.
    for await event in events where event.kind == .card && event.value == "left" { break }
    await display.until("idle")
  }

  func lay(_ card: CardIdentity) throws { hardware.insert(try #require(cards[card])) }

  /// Takes the card away, and waits until the appliance has seen that nothing lies there for as long as
  /// a tap's pause takes.
  func lift(_ card: CardIdentity) async throws {
    let events = loop.events()
    hardware.remove(try #require(cards[card]))
    for await event in events where event.kind == .card && event.value == "left" { break }
  }

  /// What the card must answer for the transaction as it is claimed.
  func code(of transaction: SmartOTP.Transaction) throws -> String {
    let claimed = try #require(center.transaction(transaction.id))
    return try TransactionCode.code(for: claimed.challenge()) { _, message in
      try hmac(.sha256, key: SecretBytes(Self.key), message: message)
    }.digitsText
  }
}

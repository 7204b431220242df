import Appliance
import Cryptography
import DeviceIdentity
import Glibc
import OTPCard
import OneTimePassword
import Reader
import Simulation
import SmartOTP

/// An appliance on the real libnfc and a simulated PN532, with two banks' cards and a scripted centre.
package struct Branch: Sendable {
  package static let first = CardIdentity(
    vendorCode: VendorCode(accepted: "K01"), serial: Serial(accepted: "12345678"))
  package static let second = CardIdentity(
    vendorCode: VendorCode(accepted: "K02"), serial: Serial(accepted: "87654321"))
  package static let plainKey = Array("12345678901234567890".utf8)
  package static let key = Array("01234567890123456789012345678901".utf8)

  package static func accessKey(of card: CardIdentity) -> [UInt8] {
    card == first ? [UInt8](0..<16) : [UInt8](16..<32)
  }

  package let hardware: SimulatedReader
  package let cards: [CardIdentity: Simulation.OATHCard]
  package let center = ScriptedCenter()
  package let display = PictureRecorder()
  package let loop: ApplianceLoop

  /// Runs `body` with an appliance that is idle, and stops it.
  package static func run<Value: Sendable>(
    times: SessionTimes = SessionTimes(), timing: Timing = .unpaced,
    displays: [any OTPDisplay] = [], plainCredentials: [String] = [], clockIsSet: Bool = true,
    languages: [CardIdentity: Language] = [:],
    _ body: @Sendable (Branch) async throws -> Value
  ) async throws -> Value {
    var configuration = ApplianceConfiguration(times: times)
    configuration.plainCredentials = plainCredentials
    let branch = try Branch(
      configuration, clockIsSet: clockIsSet, timing: timing, displays: displays)
    await branch.start(languages)
    let value: Value
    do { value = try await body(branch) } catch {
      await branch.loop.stop()
      throw error
    }
    await branch.loop.stop()
    branch.hardware.stop()
    return value
  }

  private init(
    _ configuration: ApplianceConfiguration, clockIsSet: Bool, timing: Timing,
    displays: [any OTPDisplay]
  ) throws {
    hardware = try SimulatedReader(timing: timing)
    var cards: [CardIdentity: Simulation.OATHCard] = [:]
    for (number, card) in [Self.first, Self.second].enumerated() {
      cards[card] = Simulation.OATHCard(
        activation: .typeA(.isoDEP(uid: [4, 1, 2, 3, 4, 5, UInt8(number)])),
        credentials: [
          .smartOTP(vendor: card.vendorCode.text, serial: card.serial.text, key: Self.key),
          OATHCredential(name: "Hankang:\(card.serial)", algorithm: .sha1, key: Self.plainKey),
        ],
        accessKey: Self.accessKey(of: card), seed: UInt64(number + 1))
    }
    self.cards = cards
    loop = ApplianceLoop(
      configuration: configuration, displays: [display] + displays,
      services: Self.services(hardware, clockIsSet: clockIsSet))
  }

  private static func services(
    _ hardware: SimulatedReader, clockIsSet: Bool
  ) -> ApplianceServices {
    var services = ApplianceServices(
      doctor: { () async throws(BranchRefusal) -> String in try await chip(of: hardware) })
    services.clockIsSet = { clockIsSet }
    return services
  }

  /// What a doctor does: opens the reader for itself.
  package static func chip(of hardware: SimulatedReader) async throws(BranchRefusal) -> String {
    let reader = LibNFCReader(connstring: hardware.connectionString)
    do throws(ReaderError) { try await reader.open(deadline: .now + .seconds(5)) } catch {
      throw .unavailable(error.explanation)
    }
    let chip = reader.information?.chip ?? ""
    await reader.close()
    return chip
  }

  private func start(_ languages: [CardIdentity: Language]) async {
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
            applicationID: nil, accessKey: SecretBytes(Self.accessKey(of: card)),
            language: languages[card])
        }))
    let events = loop.events()
    await loop.attach(reader)
    let loop = loop
    Task { for await notice in line.stream { await loop.take(notice) } }
    // It rests once it has seen that the reader is clear.
    for await event in events where event.kind == .card && event.value == "left" { break }
    await display.until("idle")
  }

  package struct NoSuchCard: Error {}

  /// The centre answers nothing any more, and the appliance is told so.
  package func loseCenter() {
    center.fail(with: .unreachable("no route"))
    center.update(.disconnected(.unreachable("no route")))
  }

  package func lay(_ card: CardIdentity) throws {
    guard let card = cards[card] else { throw NoSuchCard() }
    hardware.insert(card)
  }

  /// Takes the card away, and waits until the appliance has seen that nothing lies there for as long as
  /// a tap's pause takes.
  package func lift(_ card: CardIdentity) async throws {
    let events = loop.events()
    guard let card = cards[card] else { throw NoSuchCard() }
    hardware.remove(card)
    for await event in events where event.kind == .card && event.value == "left" { break }
  }

  /// The plain codes that a card may give between `start` and now.
  package func plainCodes(since start: UnixTime) throws -> [String] {
    let times = [start.seconds, Self.now.seconds]
    return try times.compactMap { time in
      try TOTP().code(at: time) { _, message in
        try hmac(.sha1, key: SecretBytes(Self.plainKey), message: message)
      }?.digitsText
    }
  }

  package static var now: UnixTime {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return UnixTime(Int64(now.tv_sec))
  }

  /// What the card must answer for the transaction as it is claimed.
  package func code(of transaction: SmartOTP.Transaction) throws -> String {
    guard let claimed = center.transaction(transaction.id) else { throw NoSuchCard() }
    return try TransactionCode.code(for: claimed.challenge()) { _, message in
      try hmac(.sha256, key: SecretBytes(Self.key), message: message)
    }.digitsText
  }
}

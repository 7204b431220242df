import Cryptography
import OneTimePassword
import Simulation
import SmartCard
import Testing

@testable import OTPCard

/// A simulated card without radio or reader between.
struct VirtualCardChannel: CardChannel {
  let card: any VirtualCard
  let activation: SmartCard.Activation

  init(_ card: any VirtualCard) throws {
    self.card = card
    activation = try .test
    card.powerUp()
  }

  func transmit(
    _ command: CommandAPDU, deadline: ContinuousClock.Instant
  ) async throws(CardError) -> ResponseAPDU {
    do {
      let sent = try command.encoded(extended: .never)
      guard let answer = card.process(sent).bytes else {
        throw APDUError.responseTooShort(count: 0)
      }
      return try ResponseAPDU(parsing: answer)
    } catch {
      throw CardError(.timedOut)
    }
  }

  func reactivate(deadline: ContinuousClock.Instant) async throws(CardError) { card.powerUp() }
}

@Suite("Against the simulated cards")
struct SimulatedCardTests {
  private static let smartOTP = Simulation.OATHCredential.smartOTP(
    vendor: "K01", serial: "12345678", key: Fixtures.smartOTPKey)

  private func card(
    _ profile: OATHProfile, credentials: [Simulation.OATHCredential] = [], locked: Bool = false
  ) -> Simulation.OATHCard {
    Simulation.OATHCard(
      profile: profile, credentials: credentials,
      accessKey: locked ? Fixtures.accessKeyBytes : nil)
  }

  private func client(
    _ card: Simulation.OATHCard, _ access: OATHAccess = .open
  ) throws -> OTPCard.OATHCard {
    OTPCard.OATHCard(try VirtualCardChannel(card), access: access)
  }

  @Test("The project's transaction vector comes out right", arguments: OATHProfile.all)
  func vector(profile: OATHProfile) async throws {
    let card = card(profile, credentials: [Self.smartOTP], locked: true)
    let code = try await client(card, .required(try Fixtures.accessKey)).transactionCode(
      of: try Fixtures.smartOTP, challenge: try Fixtures.transaction, deadline: .farAway)
    #expect(code.digitsText == "570924")
  }

  @Test("A blank card becomes a Smart OTP", arguments: OATHProfile.all)
  func personalize(profile: OATHProfile) async throws {
    let card = card(profile)
    try await client(card).personalize(
      try Fixtures.smartOTP, key: SecretBytes(Fixtures.smartOTPKey),
      accessKey: try Fixtures.accessKey, deadline: .farAway)
    #expect(card.isLocked)
    #expect(card.credentials.map(\.property) == [0])
    await #expect(throws: OATHError.wrongAccessKey) {
      try await client(card, .required(try Fixtures.otherKey)).contents(deadline: .farAway)
    }
    let locked = try client(card, .required(try Fixtures.accessKey))
    #expect(
      try await locked.contents(deadline: .farAway).credentials?.smartOTPs
        == [try Fixtures.smartOTP])
    let code = try await locked.transactionCode(
      of: try Fixtures.smartOTP, challenge: try Fixtures.transaction, deadline: .farAway)
    #expect(code.digitsText == "570924")
  }

  @Test("A full card is listed and calculated whole", arguments: OATHProfile.all)
  func full(profile: OATHProfile) async throws {
    let names = (0..<profile.capacity).map { "bank:customer-\($0)" }
    let card = card(
      profile,
      credentials: names.map { Simulation.OATHCredential(name: $0, key: Fixtures.rfcKey) })
    let client = try client(card)
    let contents = try await client.contents(deadline: .farAway)
    #expect(contents.credentials?.map(\.name.text) == names)
    let codes = try await client.codes(at: 59, deadline: .farAway)
    #expect(codes.count == names.count)
    for calculation in codes {
      guard case .code(let code) = calculation.result else {
        Issue.record("\(calculation.name) has no code")
        continue
      }
      #expect(code.digitsText == "287082")
    }
    await #expect(throws: OATHError.refused(.put, .notEnoughMemory)) {
      try await client.put(
        OATHNewCredential(
          name: try Fixtures.name("one more"), kind: .totp, key: SecretBytes(Fixtures.rfcKey)),
        deadline: .farAway)
    }
  }

  @Test("PUT replaces, DELETE removes, a missing credential is missing", arguments: OATHProfile.all)
  func replace(profile: OATHProfile) async throws {
    let card = card(profile)
    let client = try client(card)
    let name = try Fixtures.name("me")
    for key in [[UInt8](repeating: 1, count: 20), Fixtures.rfcKey] {
      try await client.put(
        OATHNewCredential(name: name, kind: .totp, digits: .eight, key: SecretBytes(key)),
        deadline: .farAway)
    }
    let code = try await client.code(matching: "ME", at: 59, deadline: .farAway)
    #expect(code.code.digitsText == "94287082")
    try await client.delete(name, deadline: .farAway)
    await #expect(throws: OATHError.noSuchCredential) {
      try await client.code(of: code.credential, at: 59, deadline: .farAway)
    }
  }

  @Test("HOTP codes come out in RFC 4226's order", arguments: OATHProfile.all)
  func counter(profile: OATHProfile) async throws {
    let card = card(
      profile,
      credentials: [Simulation.OATHCredential(name: "me", kind: .hotp, key: Fixtures.rfcKey)])
    let expected = ["755224", "287082", "359152", "969429"]
    for code in expected[(profile.startsAtMovingFactor ? 0 : 1)...] {
      let made = try await client(card).code(matching: "me", at: 0, deadline: .farAway)
      #expect(made.code.digitsText == code)
    }
  }

  @Test("RESET erases a locked card where there is one", arguments: OATHProfile.all)
  func reset(profile: OATHProfile) async throws {
    let card = card(profile, credentials: [Self.smartOTP], locked: true)
    let client = try client(card, .required(try Fixtures.accessKey))
    if profile.hasReset {
      try await client.reset(deadline: .farAway)
      #expect(card.credentials.isEmpty && !card.isLocked)
    } else {
      await #expect(throws: OATHError.self) { try await client.reset(deadline: .farAway) }
      #expect(!card.credentials.isEmpty && card.isLocked)
    }
  }
}

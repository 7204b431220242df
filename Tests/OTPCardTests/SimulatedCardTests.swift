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

@Suite("Against the simulated card")
struct SimulatedCardTests {
  @Test("The project's transaction vector comes out right")
  func vector() async throws {
    let card = Simulation.OATHCard(credentials: [
      Simulation.OATHCredential(
        name: "smartotp:K01:12345678", algorithm: .sha256, key: Fixtures.smartOTPKey)
    ])
    let code = try await OTPCard.OATHCard(try VirtualCardChannel(card)).transactionCode(
      of: try Fixtures.smartOTP, challenge: try Fixtures.transaction, deadline: .farAway)
    #expect(code.digitsText == "570924")
  }

  @Test("A credential the card does not have is missing, not wrong")
  func missing() async throws {
    let channel = try VirtualCardChannel(Simulation.OATHCard())
    await #expect(throws: OATHError.noSuchCredential) {
      try await OTPCard.OATHCard(channel).code(
        of: try Fixtures.totp("me"), at: 59, deadline: .farAway)
    }
  }
}

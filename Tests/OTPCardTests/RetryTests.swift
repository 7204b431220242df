import OneTimePassword
import SmartCard
import Testing

@testable import OTPCard

@Suite("Repeating a tap")
struct RetryTests {
  private static let transient: [CardError.Reason] = [
    .removed, .timedOut, .transmission(chipStatus: 0x02), .protocolViolation(.chipStatus(0x0B)),
    .malformedResponse(.responseTooShort(count: 1)), .reader(.line(code: 5)),
    .reader(.driverKilled(signal: 6)),
  ]

  @Test(
    "One disturbance at any command, executed or not, does not cost the transaction code",
    arguments: CardProfile.all)
  func anySingleFault(profile: CardProfile) async throws {
    let undisturbed = try await commandCount(profile)
    for index in 0..<undisturbed {
      for executes in [true, false] {
        for reason in Self.transient {
          let fault = TestCard.Fault(index: index, error: CardError(reason), executes: executes)
          let card = try Fixtures.smartOTPCard(profile, faults: [fault])
          let code = try await OTPCard.OATHCard(card, access: .required(try Fixtures.accessKey))
            .transactionCode(
              of: try Fixtures.smartOTP, challenge: try Fixtures.transaction, deadline: .farAway)
          #expect(code.digitsText == "570924")
          #expect(card.reactivations == 1)
          #expect(card.commands.count == index + 1 + undisturbed)
          let instructions = card.commands.map(\.ins).filter { $0 != 0xA5 }
          #expect(instructions.suffix(3) == [0xA4, 0xA3, 0xA2])
        }
      }
    }
  }

  private func commandCount(_ profile: CardProfile) async throws -> Int {
    let card = try Fixtures.smartOTPCard(profile)
    _ = try await OTPCard.OATHCard(card, access: .required(try Fixtures.accessKey))
      .transactionCode(
        of: try Fixtures.smartOTP, challenge: try Fixtures.transaction, deadline: .farAway)
    return card.commands.count
  }

  @Test("Repeated calculations carry the same challenge")
  func sameChallenge() async throws {
    let fault = TestCard.Fault(index: 2, error: CardError(.timedOut), executes: true)
    let card = try Fixtures.smartOTPCard(faults: [fault])
    _ = try await OTPCard.OATHCard(card, access: .required(try Fixtures.accessKey))
      .transactionCode(
        of: try Fixtures.smartOTP, challenge: try Fixtures.transaction, deadline: .farAway)
    let calculations = card.commands.filter { $0.ins == 0xA2 }
    #expect(calculations.count == 2)
    #expect(calculations[0] == calculations[1])
  }

  @Test("After the allowed number of taps the last error comes out", arguments: [1, 2, 4])
  func bounded(attempts: Int) async throws {
    let channel = try Transcript(
      (0..<attempts).flatMap { attempt -> [Transcript.Step] in
        (attempt == 0 ? [] : [.reactivation])
          + [.failure(CardError(attempt == attempts - 1 ? .timedOut : .removed))]
      })
    let card = OTPCard.OATHCard(channel, retry: OATHRetryPolicy(maximumAttempts: attempts))
    await #expect(throws: OATHError.card(CardError(.timedOut))) {
      try await card.contents(deadline: .farAway)
    }
    #expect(await channel.isFinished)
    #expect(OATHRetryPolicy(maximumAttempts: -3).maximumAttempts == 1)
  }

  @Test("A deadline that has passed ends the taps after the first")
  func deadline() async throws {
    let channel = try Transcript([.failure(CardError(.timedOut))])
    await #expect(throws: OATHError.card(CardError(.timedOut))) {
      try await OTPCard.OATHCard(channel).contents(deadline: .now - .seconds(1))
    }
    #expect(await channel.isFinished)
  }

  @Test(
    "What stays wrong is not repeated",
    arguments: [
      CardError.Reason.replaced, .reader(.gone), .reader(.permission),
      .protocolViolation(.endlessChain),
    ])
  func notTransient(reason: CardError.Reason) async throws {
    let channel = try Transcript([.failure(CardError(reason))])
    await #expect(throws: OATHError.card(CardError(reason))) {
      try await OTPCard.OATHCard(channel).contents(deadline: .farAway)
    }
    #expect(await channel.isFinished)
  }

  @Test("An exchange that used up its limit, not the caller's time, is repeated")
  func exchangeLimit() async throws {
    let channel = try Transcript([
      .failure(CardError(.deadlinePassed)), .reactivation,
      .exchange("00A4040007 A0000005272101", "7903050403 710101 9000"),
    ])
    _ = try await OTPCard.OATHCard(channel).identify(deadline: .farAway)
    #expect(await channel.isFinished)
    for deadline in await channel.deadlines {
      #expect(deadline <= .now + OATHRetryPolicy.standard.exchangeLimit)
    }
  }

  @Test("The caller's own deadline, when it is the nearer, is the exchange's too")
  func callersDeadline() async throws {
    let deadline = ContinuousClock.now - .seconds(1)
    let channel = try Transcript([.failure(CardError(.deadlinePassed))])
    await #expect(throws: OATHError.card(CardError(.deadlinePassed))) {
      try await OTPCard.OATHCard(channel).identify(deadline: deadline)
    }
    #expect(await channel.deadlines == [deadline])
    #expect(await channel.isFinished)
  }

  @Test("Another card at re-activation ends the tap")
  func replacedAtReactivation() async throws {
    let channel = try Transcript([
      .failure(CardError(.removed)), .failedReactivation(CardError(.replaced)),
    ])
    await #expect(throws: OATHError.card(CardError(.replaced))) {
      try await OTPCard.OATHCard(channel).contents(deadline: .farAway)
    }
    #expect(await channel.isFinished)
  }

  @Test("A re-activation that is disturbed is tried again")
  func disturbedReactivation() async throws {
    let channel = try Transcript([
      .failure(CardError(.removed)), .failedReactivation(CardError(.removed)), .reactivation,
      .exchange("00A4040007 A0000005272101", "7903050403 710101 9000"),
    ])
    _ = try await OTPCard.OATHCard(channel).identify(deadline: .farAway)
    #expect(await channel.isFinished)
  }

  @Test("Another card with the same UID is noticed by its id, before its key is tried")
  func otherID() async throws {
    let channel = try Transcript([
      .exchange("00A4040007 A0000005272101", "7903050403 710101 9000"),
      .failure(CardError(.timedOut)), .reactivation,
      .exchange("00A4040007 A0000005272101", "7903050403 710102 74081111111111111111 9000"),
    ])
    let card = OTPCard.OATHCard(channel, access: .ifLocked(try Fixtures.accessKey))
    await #expect(throws: OATHError.card(CardError(.replaced))) {
      try await card.contents(deadline: .farAway)
    }
    #expect(await channel.isFinished)
  }

  @Test("A card that is not the expected one is refused at its first SELECT")
  func expectedID() async throws {
    let channel = try Transcript([
      .exchange("00A4040007 A0000005272101", "7903050403 710102 9000")
    ])
    await #expect(throws: OATHError.card(CardError(.replaced))) {
      try await OTPCard.OATHCard(channel, expectedID: [1]).contents(deadline: .farAway)
    }
    #expect(await channel.isFinished)
  }

  @Test("A refusal is believed when it comes twice")
  func confirmedRefusal() async throws {
    let channel = try Transcript([
      .exchange("00A4040007 A0000005272101", "6A82"), .reactivation,
      .exchange("00A4040007 A0000005272101", "6A82"),
    ])
    await #expect(throws: OATHError.applicationMissing) {
      try await OTPCard.OATHCard(channel).identify(deadline: .farAway)
    }
    #expect(await channel.isFinished)
  }

  @Test("A refusal that does not come again was a disturbance")
  func passingRefusal() async throws {
    let channel = try Transcript([
      .exchange("00A4040007 A0000005272101", "6700"), .reactivation,
      .exchange("00A4040007 A0000005272101", "6A82"), .reactivation,
      .exchange("00A4040007 A0000005272101", "7903050403 710101 9000"),
    ])
    _ = try await OTPCard.OATHCard(channel).identify(deadline: .farAway)
    #expect(await channel.isFinished)
  }

  @Test("Told not to, a tap believes the first refusal")
  func unconfirmed() async throws {
    let channel = try Transcript([.exchange("00A4040007 A0000005272101", "6A82")])
    let card = OTPCard.OATHCard(channel, retry: OATHRetryPolicy(confirmsRefusals: false))
    await #expect(throws: OATHError.applicationMissing) {
      try await card.identify(deadline: .farAway)
    }
    #expect(await channel.isFinished)
  }

  @Test("A card that counts tries is not asked twice", arguments: ["63C2", "6983"])
  func countedTries(status: String) async throws {
    let channel = try Transcript([
      .exchange("00A4040007 A0000005272101", "7903050403 710101 74081111111111111111 9000"),
      .answer { _ in Hexadecimal.bytes(status) ?? [] },
    ])
    let card = OTPCard.OATHCard(channel, access: .ifLocked(try Fixtures.accessKey))
    await #expect(throws: OATHError.self) { try await card.contents(deadline: .farAway) }
    #expect(await channel.isFinished)
  }
}

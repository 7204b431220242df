import SmartCard
import Testing

@testable import OTPCard

@Suite("A HOTP code is never calculated twice")
struct HOTPTests {
  private let select = Transcript.Step.exchange(
    "00A4040007 A0000005272101", "7903050403 710101 9000")
  private let calculate = "00A2000106 71026D65 7400"

  private func code(_ channel: Transcript) async throws(OATHError) -> String {
    let credential: OTPCard.OATHCredential
    do { credential = try Fixtures.hotp("me") } catch { throw .noSuchCredential }
    return try await OTPCard.OATHCard(channel).code(of: credential, at: 0, deadline: .farAway)
      .code.digitsText
  }

  @Test(
    "Lost once it may have reached the card, the counter may have moved",
    arguments: [
      CardError.Reason.removed, .timedOut, .transmission(chipStatus: 2),
      .reader(.driverKilled(signal: 11)), .malformedResponse(.responseTooShort(count: 0)),
    ])
  func lost(reason: CardError.Reason) async throws {
    let channel = try Transcript([select, .failure(CardError(reason))])
    await #expect(throws: OATHError.counterMayHaveMoved(CardError(reason))) {
      try await code(channel)
    }
    #expect(await channel.isFinished)
    #expect(await channel.commands.count == 2)
  }

  @Test("A calculation that used up its limit may have moved the counter")
  func limit() async throws {
    let channel = try Transcript([select, .failure(CardError(.deadlinePassed))])
    await #expect(throws: OATHError.counterMayHaveMoved(CardError(.timedOut))) {
      try await code(channel)
    }
    #expect(await channel.isFinished)
  }

  @Test("A command that certainly did not reach the card is sent again")
  func notSent() async throws {
    let channel = try Transcript([
      select, .failure(CardError(.removed, commandMayHaveRun: false)), .reactivation, select,
      .exchange(calculate, "7605064C93CF18 9000"),
    ])
    #expect(try await code(channel) == "755224")
    #expect(await channel.isFinished)
  }

  @Test("Disturbances before it are repeated as ever")
  func before() async throws {
    let channel = try Transcript([
      .failure(CardError(.timedOut)), .reactivation, select,
      .exchange(calculate, "7605064C93CF18 9000"),
    ])
    #expect(try await code(channel) == "755224")
  }

  @Test(
    "An answer that is no code is not asked for again",
    arguments: ["9000", "7605094C93CF18 9000", "7604064C93CF 9000"])
  func malformed(answer: String) async throws {
    let channel = try Transcript([select, .exchange(calculate, answer)])
    await #expect(throws: OATHError.counterMayHaveMoved(nil)) { try await code(channel) }
    #expect(await channel.isFinished)
  }

  @Test(
    "A refusal is believed at once, and 6Cxx is not obeyed",
    arguments: ["6A80", "6982", "6984", "6985", "6C07", "6F00"])
  func refused(status: String) async throws {
    let channel = try Transcript([select, .exchange(calculate, status)])
    await #expect(throws: OATHError.self) { try await code(channel) }
    #expect(await channel.isFinished)
    #expect(await channel.commands.count == 2)
  }

  @Test("A card lost while its answer is fetched may have moved its counter")
  func lostInChain() async throws {
    let error = CardError(.removed, commandMayHaveRun: false)
    let channel = try Transcript([select, .exchange(calculate, "7605 6105"), .failure(error)])
    await #expect(throws: OATHError.counterMayHaveMoved(CardError(.removed))) {
      try await code(channel)
    }
    #expect(await channel.isFinished)
  }

  @Test("The same holds when the caller runs the session")
  func inSession() async throws {
    let channel = try Transcript([select, .exchange(calculate, "6F00")])
    let name = try Fixtures.name("me")
    await #expect(throws: OATHError.refused(.calculate, .unspecifiedError)) {
      try await OTPCard.OATHCard(channel).perform(deadline: .farAway) {
        (session: inout OATHSession) throws(OATHError) -> Void in
        _ = try await session.calculateNext(name)
      }
    }
    #expect(await channel.isFinished)
  }

  @Test(
    "A fault at any point of any tap moves the counter at most once", arguments: CardProfile.all)
  func atMostOnce(profile: CardProfile) async throws {
    for index in 0..<2 {
      for executes in [true, false] {
        let fault = TestCard.Fault(index: index, error: CardError(.timedOut), executes: executes)
        let card = try TestCard(profile, faults: [fault])
        card.application.credentials = [Fixtures.onCard("me", algorithm: 0x11, counter: 7)]
        _ = try? await OTPCard.OATHCard(card).code(
          of: try Fixtures.hotp("me"), at: 0, deadline: .farAway)
        #expect(card.commands.filter { $0.ins == 0xA2 }.count == 1)
        #expect(card.application.credentials[0].counter <= 8)
      }
    }
  }
}

import OneTimePassword
import SmartCard
import Testing

@testable import OTPCard

@Suite("Answers in several parts")
struct ChainingTests {
  private func fullCard(_ profile: CardProfile, faults: [TestCard.Fault] = []) throws -> TestCard {
    let card = try TestCard(profile, faults: faults)
    card.application.credentials = (0..<30).map { Fixtures.onCard("bank:customer-\($0)") }
    return card
  }

  @Test("LIST and CALCULATE ALL arrive whole from every kind of card", arguments: CardProfile.all)
  func whole(profile: CardProfile) async throws {
    let card = try fullCard(profile)
    let contents = try await OTPCard.OATHCard(card).contents(deadline: .farAway)
    #expect(contents.credentials?.map(\.name.text) == (0..<30).map { "bank:customer-\($0)" })
    let codes = try await OTPCard.OATHCard(card).codes(at: 59, deadline: .farAway)
    #expect(codes.count == 30)
    for calculation in codes {
      guard case .code(let code) = calculation.result else {
        Issue.record("\(calculation.name) has no code")
        continue
      }
      #expect(code.digitsText == "287082")
    }
  }

  @Test(
    "A chain that breaks off anywhere is never followed by anything but activation and SELECT",
    arguments: CardProfile.all)
  func brokenChain(profile: CardProfile) async throws {
    let undisturbed = try fullCard(profile)
    _ = try await OTPCard.OATHCard(undisturbed).contents(deadline: .farAway)
    for index in 0..<undisturbed.commands.count {
      for executes in [true, false] {
        let fault = TestCard.Fault(
          index: index, error: CardError(.transmission(chipStatus: 2)), executes: executes)
        let card = try fullCard(profile, faults: [fault])
        let contents = try await OTPCard.OATHCard(card).contents(deadline: .farAway)
        #expect(contents.credentials?.count == 30)
        #expect(card.commands[index + 1].ins == 0xA4)
        #expect(card.reactivations == 1)
      }
    }
  }

  @Test("Within one session too, an interruption is followed by activation and SELECT")
  func brokenChainInSession() async throws {
    let fault = TestCard.Fault(index: 2, error: CardError(.timedOut), executes: true)
    let card = try fullCard(CardProfile.all[1], faults: [fault])
    let name = try Fixtures.name("bank:customer-7")
    let code = try await OTPCard.OATHCard(card, retry: .once).perform(deadline: .farAway) {
      (session: inout OATHSession) throws(OATHError) -> OneTimeCode in
      do throws(OATHError) {
        _ = try await session.list()
        Issue.record("the chain was to break")
      } catch {
        #expect(error == .card(CardError(.timedOut)))
      }
      return try await session.calculate(name, challenge: OATHChallenge(counter: 1))
    }
    #expect(code.digitsText == "287082")
    #expect(card.commands.map(\.ins) == [0xA4, 0xA1, 0xA5, 0xA4, 0xA2])
    #expect(card.reactivations == 1)
  }

  @Test("A chain the card ends with an error is followed by SELECT")
  func errorInChain() async throws {
    let channel = try Transcript([
      .exchange("00A4040007 A0000005272101", "7903050403 710101 9000"),
      .exchange("00A1000000", "72032161 61FF"),
      .exchange("00A5000000".replacing("A5000000", with: "A50000FF"), "6F00"),
      .exchange("00A4040007 A0000005272101", "7903050403 710101 9000"),
      .exchange("00A1000000", "9000"),
    ])
    let list = try await OTPCard.OATHCard(channel, retry: .once).perform(deadline: .farAway) {
      (session: inout OATHSession) throws(OATHError) -> [OTPCard.OATHCredential] in
      do throws(OATHError) {
        _ = try await session.list()
        Issue.record("the chain was to end in an error")
      } catch {
        #expect(error == .refused(.list, .unspecifiedError))
      }
      return try await session.list()
    }
    #expect(list.isEmpty)
    #expect(await channel.isFinished)
  }

  @Test(
    "61FF without end is a typed error, not an endless tap", arguments: [[], [0x72]] as [[UInt8]])
  func endless(data: [UInt8]) async throws {
    let channel = try Transcript(
      [.exchange("00A4040007 A0000005272101", "7903050403 710101 9000")],
      afterwards: { _ in data + [0x61, 0xFF] })
    await #expect(throws: OATHError.card(CardError(.protocolViolation(.endlessChain)))) {
      try await OTPCard.OATHCard(channel).contents(deadline: .farAway)
    }
    #expect(await channel.commands.count == 301)
  }
}

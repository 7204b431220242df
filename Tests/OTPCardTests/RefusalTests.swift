import OneTimePassword
import SmartCard
import Testing

@testable import OTPCard

@Suite("What a card refuses, and what it answers wrongly")
struct RefusalTests {
  private let select = Transcript.Step.exchange(
    "00A4040007 A0000005272101", "7903050403 710101 9000")

  private func code(_ channel: Transcript) async throws -> OATHCode {
    try await OTPCard.OATHCard(channel, retry: .once).code(
      of: try Fixtures.totp("me"), at: 59, deadline: .farAway)
  }

  @Test(
    "CALCULATE's status words become the error that helps",
    arguments: [
      ("6984", OATHError.noSuchCredential), ("6982", .locked), ("6985", .touchRequired),
      ("6A80", .refused(.calculate, .wrongData)),
      ("6D00", .refused(.calculate, .instructionNotSupported)),
      ("6A82", .refused(.calculate, .fileOrApplicationNotFound)),
      ("9001", .refused(.calculate, StatusWord(0x9001))),
      ("6300", .refused(.calculate, .warningChanged)),
    ])
  func calculate(status: String, error: OATHError) async throws {
    let channel = try Transcript([select, .answer { _ in Hexadecimal.bytes(status) ?? [] }])
    await #expect(throws: error) { try await code(channel) }
  }

  @Test(
    "SELECT's status words become the error that helps",
    arguments: [
      ("6A82", OATHError.applicationMissing), ("6D00", .refused(.select, .instructionNotSupported)),
      ("6999", .refused(.select, StatusWord(0x6999))),
    ])
  func select(status: String, error: OATHError) async throws {
    let channel = try Transcript([.answer { _ in Hexadecimal.bytes(status) ?? [] }])
    await #expect(throws: error) { try await code(channel) }
  }

  @Test("Every status word there is ends in an error or, 9000, in a checked answer")
  func everyStatus() async throws {
    for high in 0...UInt8.max {
      for low in [0x00, 0x01, 0x80, 0x82, 0x84, 0x85, 0xC3, 0xFF] as [UInt8] {
        let channel = try Transcript([select], afterwards: { _ in [high, low] })
        await #expect(throws: OATHError.self) { try await code(channel) }
      }
    }
  }

  @Test(
    "A wrong answer is never a code",
    arguments: [
      "76050694287082 00", "7605059428708", "760505 94287082", "750506 94287082",
      "760406 942870", "7605", "", "76050694287082 76050694287082",
    ])
  func wrongAnswers(answer: String) async throws {
    let bytes = Hexadecimal.bytes(answer.filter { $0 != " " }) ?? []
    let channel = try Transcript([select, .answer { _ in bytes + [0x90, 0x00] }])
    await #expect(throws: OATHError.self) { try await code(channel) }
  }

  @Test("A transaction code of other than six digits is refused", arguments: [7, 8] as [UInt8])
  func digits(count: UInt8) async throws {
    let card = try Fixtures.smartOTPCard()
    card.application.credentials[0].digits = count
    await #expect(throws: OATHError.malformedAnswer(.calculate, .digits(count))) {
      try await OTPCard.OATHCard(card, access: .required(try Fixtures.accessKey))
        .transactionCode(
          of: try Fixtures.smartOTP, challenge: try Fixtures.transaction, deadline: .farAway)
    }
  }

  @Test("CALCULATE ALL keeps codes of another period to itself")
  func otherPeriod() async throws {
    let card = try TestCard()
    var touch = Fixtures.onCard("touch")
    touch.wantsTouch = true
    card.application.credentials = [
      Fixtures.onCard("me"), Fixtures.onCard("60/me"), Fixtures.onCard("hotp", algorithm: 0x11),
      touch,
    ]
    let all = try await OTPCard.OATHCard(card).codes(at: 59, deadline: .farAway)
    #expect(all.dropFirst().map(\.result) == [.otherPeriod(60), .counterBased, .touchRequired])
    let sixty = try await OTPCard.OATHCard(card).codes(at: 59, period: 60, deadline: .farAway)
    #expect(sixty[0].result == .otherPeriod(30))
  }

  @Test("Without a name the only credential is meant, and several are ambiguous")
  func nameless() async throws {
    let card = try TestCard()
    await #expect(throws: OATHError.noSuchCredential) {
      try await OTPCard.OATHCard(card).code(matching: nil, at: 59, deadline: .farAway)
    }
    #expect(card.commands.count == 2)
    card.application.credentials = [Fixtures.onCard("me")]
    let code = try await OTPCard.OATHCard(card).code(matching: nil, at: 59, deadline: .farAway)
    #expect(code.code.digitsText == "287082")
    card.application.credentials.append(Fixtures.onCard("you"))
    await #expect(throws: OATHError.self) {
      try await OTPCard.OATHCard(card).code(matching: nil, at: 59, deadline: .farAway)
    }
  }

  @Test("A kind of the maker's own makes no code")
  func otherKind() async throws {
    let card = try TestCard()
    card.application.credentials = [Fixtures.onCard("me", algorithm: 0x31)]
    await #expect(throws: OATHError.unsuitableCredential) {
      try await OTPCard.OATHCard(card).code(matching: "me", at: 59, deadline: .farAway)
    }
    #expect(!card.commands.contains { $0.ins == 0xA2 })
  }

  @Test(
    "Every error says in one line what failed and what to do",
    arguments: [
      OATHError.applicationMissing, .locked, .wrongAccessKey, .cardNotProven, .accessKeyMissing,
      .noSuchCredential, .ambiguousCredential([]), .unsuitableCredential, .touchRequired,
      .counterMayHaveMoved(nil), .counterMayHaveMoved(CardError(.removed)),
      .malformedAnswer(.list, .unexpectedData), .refused(.put, .notEnoughMemory),
      .card(CardError(.timedOut)),
    ])
  func explained(error: OATHError) {
    #expect("\(error)".contains(";") && !"\(error)".contains("\n"), "\(error)")
  }

  @Test("A refusal names the command and the status word")
  func refusalText() {
    #expect(
      "\(OATHError.refused(.put, .notEnoughMemory))"
        .hasSuffix("(PUT: 6A84, not enough memory in the card)"))
  }
}

import Cryptography
import OneTimePassword
import SmartCard
import Testing

@testable import OTPCard

@Suite("What is on the wire when all goes well")
struct HappyPathTests {
  @Test("A known TOTP credential of an open card: SELECT and CALCULATE, nothing else")
  func openTOTP() async throws {
    let channel = try Transcript([
      .exchange("00A4040007 A0000005272101", "7903050403 71080102030405060708 9000"),
      .exchange("00A200010E 71026D65 74080000000000000001", "76050641397EEA 9000"),
    ])
    let code = try await OTPCard.OATHCard(channel).code(
      of: try Fixtures.totp("me"), at: 59, deadline: .farAway)
    #expect(code.code.digitsText == "287082")
    #expect(code.validUntil == 60)
    #expect(await channel.isFinished)
  }

  @Test("A transaction on a locked card: SELECT, VALIDATE, CALCULATE, nothing else")
  func transaction() async throws {
    let key = SecretBytes(Fixtures.accessKeyBytes)
    let proof = try hmac(.sha1, key: key, message: [UInt8](repeating: 0x11, count: 8))
    let channel = try Transcript([
      .exchange(
        "00A4040007 A0000005272101",
        "7903050403 71080102030405060708 74081111111111111111 7B0101 9000"),
      .answer { command in
        // 75 14 our proof, 74 08 our challenge, without zero bytes.
        #expect(command.data.count == 32)
        #expect(Array(command.data[..<24]) == [0x75, 0x14] + proof + [0x74, 0x08])
        #expect(!command.data[24...].contains(0))
        #expect(command.ins == 0xA3 && command.expectedLength == nil)
        let answer = try? hmac(.sha1, key: key, message: Array(command.data[24...]))
        return [0x75, 0x14] + (answer ?? []) + [0x90, 0x00]
      },
      .exchange(
        "00A2000121 7115 736D6172746F74703A4B30313A3132333435363738 7408 79A43E1F1A02C642",
        "7605061E309C4C 9000"),
    ])
    let card = OTPCard.OATHCard(channel, access: .required(try Fixtures.accessKey))
    let code = try await card.transactionCode(
      of: try Fixtures.smartOTP, challenge: try Fixtures.transaction, deadline: .farAway)
    #expect(code.digitCount == 6)
    #expect(await channel.isFinished)
  }

  @Test("First look at a card: SELECT, nothing else")
  func identify() async throws {
    let channel = try Transcript([
      .exchange(
        "00A4040007 A0000005272101",
        "7903050403 71080102030405060708 74081111111111111111 7B0101 9000")
    ])
    let selection = try await OTPCard.OATHCard(channel, access: .required(try Fixtures.accessKey))
      .identify(deadline: .farAway)
    #expect(selection.isLocked)
    #expect(await channel.isFinished)
  }

  @Test(
    "The project's transaction vector comes out right on every kind of card",
    arguments: CardProfile.all)
  func vector(profile: CardProfile) async throws {
    let card = try Fixtures.smartOTPCard(profile)
    let code = try await OTPCard.OATHCard(card, access: .required(try Fixtures.accessKey))
      .transactionCode(
        of: try Fixtures.smartOTP, challenge: try Fixtures.transaction, deadline: .farAway)
    #expect(code.digitsText == "570924")
    #expect(card.commands.filter { $0.ins != 0xA5 }.map(\.ins) == [0xA4, 0xA3, 0xA2])
  }

  @Test("RFC 6238's codes come out right on every kind of card", arguments: CardProfile.all)
  func rfc6238(profile: CardProfile) async throws {
    let hashes: [(HashFunction, UInt8, Int)] = [
      (.sha1, 0x21, 20), (.sha256, 0x22, 32), (.sha512, 0x23, 64),
    ]
    let codes: [(UInt64, [String])] = [
      (59, ["94287082", "46119246", "90693936"]),
      (1_111_111_109, ["07081804", "68084774", "25091201"]),
      (20_000_000_000, ["65353130", "77737706", "47863826"]),
    ]
    for (index, (hash, algorithm, count)) in hashes.enumerated() {
      let card = try TestCard(profile)
      let key = Array(
        "1234567890123456789012345678901234567890123456789012345678901234".utf8.prefix(count))
      card.application.credentials = [
        Fixtures.onCard("me", algorithm: algorithm, digits: 8, key: key)
      ]
      for (time, expected) in codes {
        let code = try await OTPCard.OATHCard(card).code(
          of: try Fixtures.totp("me", hash), at: time, deadline: .farAway)
        #expect(code.code.digitsText == expected[index], "\(hash) at \(time)")
      }
    }
  }

  @Test(
    "RFC 4226's codes come out in order; the first is the card's choice", arguments: CardProfile.all
  )
  func rfc4226(profile: CardProfile) async throws {
    let codes = ["755224", "287082", "359152", "969429", "338314"]
    let card = try TestCard(profile)
    card.application.credentials = [Fixtures.onCard("me", algorithm: 0x11)]
    let start = profile.countsBeforeCalculating ? 1 : 0
    for expected in codes[start..<start + 3] {
      let code = try await OTPCard.OATHCard(card).code(
        of: try Fixtures.hotp("me"), at: 0, deadline: .farAway)
      #expect(code.code.digitsText == expected)
      #expect(code.validUntil == nil)
    }
  }

  @Test("A name that says 60 seconds is calculated for 60 seconds")
  func period() async throws {
    let card = try TestCard()
    card.application.credentials = [Fixtures.onCard("60/me")]
    let code = try await OTPCard.OATHCard(card).code(
      matching: "me", at: 119, deadline: .farAway)
    // Counter 1 of RFC 4226's table.
    #expect(code.code.digitsText == "287082")
    #expect(code.validUntil == 120)
    #expect(card.commands.map(\.ins) == [0xA4, 0xA1, 0xA2])
  }

  @Test("The whole HMAC is had with P2 = 00")
  func wholeHMAC() async throws {
    let card = try TestCard()
    card.application.credentials = [Fixtures.onCard("me")]
    let mac = try await OTPCard.OATHCard(card).hmac(
      of: try Fixtures.totp("me"), challenge: OATHChallenge(counter: 0), deadline: .farAway)
    #expect(Hexadecimal.text(mac) == "CC93CF18508D94934C64B65D8BA7667FB7CDE4B0")
    #expect(card.commands.last?.p2 == 0)
  }

  @Test("Times at the end of counting do not trap")
  func farTimes() {
    #expect(OATHTimeStep(at: .max, period: 30).end == .max)
    #expect(OATHTimeStep(at: .max, period: 1).end == .max)
    #expect(OATHTimeStep(at: 0, period: 0).period == 1)
    #expect(OATHTimeStep(at: 29, period: 30).end == 30)
    #expect(OATHTimeStep(at: 30, period: 30).counter == 1)
  }
}

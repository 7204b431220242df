import Cryptography
import SmartCard
import Testing

@testable import OTPCard

@Suite("The access key")
struct AccessTests {
  private let locked = Transcript.Step.exchange(
    "00A4040007 A0000005272101", "7903050403 710101 74081111111111111111 7B0101 9000")

  private func card(
    _ channel: any CardChannel, _ access: OATHAccess
  ) -> OTPCard.OATHCard {
    OTPCard.OATHCard(channel, access: access, retry: .once)
  }

  @Test("A password makes the key that Yubico's programs make")
  func password() throws {
    let id: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
    for (text, key) in [
      ("correct horse", "49561f12fb17065dd680fc5a61d740a6"),
      ("비밀번호", "cf6fbc9342f446aa0e8af7f798d0a9aa"),
    ] {
      let access = OATHAccessKey(password: SecretBytes(Array(text.utf8)))
      #expect(try access.key(forCard: id) == SecretBytes(try #require(Hexadecimal.bytes(key))))
    }
  }

  @Test("A key has 16 bytes", arguments: [0, 15, 17, 32])
  func keyLength(count: Int) {
    #expect(OATHAccessKey(SecretBytes([UInt8](repeating: 1, count: count))) == nil)
  }

  @Test("A wrong key is told apart on every kind of card", arguments: CardProfile.all)
  func wrongKey(profile: CardProfile) async throws {
    let channel = try Fixtures.smartOTPCard(profile)
    await #expect(throws: OATHError.wrongAccessKey) {
      try await card(channel, .required(try Fixtures.otherKey)).contents(deadline: .farAway)
    }
    #expect(!channel.commands.contains { $0.ins == 0xA1 })
  }

  @Test(
    "A card that cannot prove the key is not used",
    arguments: [
      "7514 0000000000000000000000000000000000000000", "7501 00", "7500",
    ])
  func notProven(answer: String) async throws {
    let channel = try Transcript([
      locked, .answer { _ in (Hexadecimal.bytes(answer) ?? []) + [0x90, 0x00] },
    ])
    await #expect(throws: OATHError.cardNotProven) {
      try await card(channel, .required(try Fixtures.accessKey)).contents(deadline: .farAway)
    }
    #expect(await channel.isFinished)
  }

  @Test("A card that plays our own proof back is not believed")
  func echo() async throws {
    let channel = try Transcript([
      locked, .answer { Array($0.data[..<22]) + [0x90, 0x00] },
    ])
    await #expect(throws: OATHError.cardNotProven) {
      try await card(channel, .required(try Fixtures.accessKey)).contents(deadline: .farAway)
    }
  }

  @Test("An answer to VALIDATE that is none is malformed", arguments: ["", "76020102", "7505"])
  func malformedProof(answer: String) async throws {
    let channel = try Transcript([
      locked, .answer { _ in (Hexadecimal.bytes(answer) ?? []) + [0x90, 0x00] },
    ])
    await #expect {
      try await card(channel, .required(try Fixtures.accessKey)).contents(deadline: .farAway)
    } throws: { error in
      guard case .malformedAnswer(.validate, _) = error as? OATHError else { return false }
      return true
    }
  }

  @Test("Where a key is required, a card that asks for none is refused")
  func missing() async throws {
    let channel = try TestCard()
    await #expect(throws: OATHError.accessKeyMissing) {
      try await card(channel, .required(try Fixtures.accessKey)).contents(deadline: .farAway)
    }
    #expect(channel.commands.count == 1)
    let contents = try await card(channel, .ifLocked(try Fixtures.accessKey))
      .contents(deadline: .farAway)
    #expect(contents.credentials?.isEmpty == true)
  }

  @Test("Without a key a locked card shows itself, not its credentials", arguments: CardProfile.all)
  func noKey(profile: CardProfile) async throws {
    let channel = try Fixtures.smartOTPCard(profile)
    let contents = try await card(channel, .open).contents(deadline: .farAway)
    #expect(contents.selection.isLocked)
    #expect(contents.credentials == nil)
    await #expect(throws: OATHError.locked) {
      try await card(channel, .open).transactionCode(
        of: try Fixtures.smartOTP, challenge: try Fixtures.transaction, deadline: .farAway)
    }
  }

  @Test("Challenges differ from tap to tap, and none has a zero byte")
  func fresh() async throws {
    let channel = try Fixtures.smartOTPCard()
    for _ in 0..<300 {
      _ = try await card(channel, .required(try Fixtures.accessKey)).contents(deadline: .farAway)
    }
    let challenges = channel.commands.filter { $0.ins == 0xA3 }.map { Array($0.data.suffix(8)) }
    #expect(Set(challenges).count == 300)
    #expect(!challenges.contains { $0.contains(0) })
  }
}

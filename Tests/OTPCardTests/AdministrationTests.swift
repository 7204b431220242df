import Cryptography
import OneTimePassword
import SmartCard
import Testing

@testable import OTPCard

@Suite("Changing a card")
struct AdministrationTests {
  private func new(_ name: String, key: [UInt8] = Fixtures.rfcKey) throws -> OATHNewCredential {
    OATHNewCredential(name: try Fixtures.name(name), kind: .totp, key: SecretBytes(key))
  }

  @Test("PUT replaces what has the name, on every kind of card", arguments: CardProfile.all)
  func put(profile: CardProfile) async throws {
    let channel = try TestCard(profile)
    let card = OTPCard.OATHCard(channel, retry: .once)
    try await card.put(try new("me", key: [UInt8](repeating: 1, count: 20)), deadline: .farAway)
    try await card.put(try new("me"), deadline: .farAway)
    #expect(channel.application.credentials.count == 1)
    let code = try await card.code(of: try Fixtures.totp("me"), at: 59, deadline: .farAway)
    #expect(code.code.digitsText == "287082")
  }

  @Test("A hash the card does not have is a refusal that says so")
  func missingHash() async throws {
    let channel = try TestCard(CardProfile.all[1])
    var credential = try new("me")
    credential.hash = .sha512
    let put = credential
    await #expect(throws: OATHError.refused(.put, .wrongData)) {
      try await OTPCard.OATHCard(channel).put(put, deadline: .farAway)
    }
  }

  @Test("A full card is a refusal that says so")
  func full() async throws {
    let channel = try Transcript([
      .exchange("00A4040007 A0000005272101", "7903050403 710101 9000"),
      .exchange("0002000004 71026D65", "6984"),
      .answer { _ in [0x6A, 0x84] },
    ])
    let credential = try new("me")
    await #expect(throws: OATHError.refused(.put, .notEnoughMemory)) {
      try await OTPCard.OATHCard(channel, retry: .once).put(credential, deadline: .farAway)
    }
  }

  @Test(
    "DELETE removes one credential and misses one that is not there", arguments: CardProfile.all)
  func delete(profile: CardProfile) async throws {
    let channel = try TestCard(profile)
    channel.application.credentials = [Fixtures.onCard("me"), Fixtures.onCard("you")]
    let card = OTPCard.OATHCard(channel)
    try await card.delete(try Fixtures.name("me"), deadline: .farAway)
    #expect(channel.application.credentials.map(\.name) == [Array("you".utf8)])
    await #expect(throws: OATHError.noSuchCredential) {
      try await card.delete(try Fixtures.name("me"), deadline: .farAway)
    }
  }

  @Test("A DELETE whose answer was lost is not taken for a missing credential")
  func deleteInterrupted() async throws {
    let fault = TestCard.Fault(index: 1, error: CardError(.timedOut), executes: true)
    let channel = try TestCard(faults: [fault])
    channel.application.credentials = [Fixtures.onCard("me")]
    try await OTPCard.OATHCard(channel).delete(try Fixtures.name("me"), deadline: .farAway)
    #expect(channel.application.credentials.isEmpty)
  }

  @Test("Setting a key locks the card, and the card proves the key", arguments: CardProfile.all)
  func setAccessKey(profile: CardProfile) async throws {
    let channel = try TestCard(profile)
    try await OTPCard.OATHCard(channel).setAccessKey(
      try Fixtures.accessKey, deadline: .farAway)
    #expect(channel.application.accessKey == Fixtures.accessKeyBytes)
    #expect(channel.commands.map(\.ins).filter { $0 != 0xA5 } == [0xA4, 0x03, 0xA4, 0xA3])
    let setCode = try #require(channel.commands.first { $0.ins == 0x03 })
    #expect(setCode.data[2] == 0x21)
    // A card that has the key already is left alone.
    try await OTPCard.OATHCard(channel).setAccessKey(
      try Fixtures.accessKey, deadline: .farAway)
    #expect(channel.commands.filter { $0.ins == 0x03 }.count == 1)
  }

  @Test("The key can be changed and removed with the old one only", arguments: CardProfile.all)
  func changeAccessKey(profile: CardProfile) async throws {
    let channel = try Fixtures.smartOTPCard(profile)
    await #expect(throws: OATHError.locked) {
      try await OTPCard.OATHCard(channel).setAccessKey(try Fixtures.otherKey, deadline: .farAway)
    }
    try await OTPCard.OATHCard(channel, access: .required(try Fixtures.accessKey))
      .setAccessKey(try Fixtures.otherKey, deadline: .farAway)
    #expect(channel.application.accessKey == [UInt8](repeating: 0x77, count: 16))
    await #expect(throws: OATHError.wrongAccessKey) {
      try await OTPCard.OATHCard(channel, access: .required(try Fixtures.accessKey))
        .removeAccessKey(deadline: .farAway)
    }
    try await OTPCard.OATHCard(channel, access: .required(try Fixtures.otherKey))
      .removeAccessKey(deadline: .farAway)
    #expect(channel.application.accessKey == nil)
  }

  @Test(
    "RESET erases, asks for the key only where it must, and says where it is missing",
    arguments: CardProfile.all)
  func reset(profile: CardProfile) async throws {
    let channel = try Fixtures.smartOTPCard(profile)
    let card = OTPCard.OATHCard(channel, access: .required(try Fixtures.accessKey))
    guard profile.hasReset else {
      await #expect(throws: OATHError.refused(.reset, .instructionNotSupported)) {
        try await card.reset(deadline: .farAway)
      }
      return
    }
    try await card.reset(deadline: .farAway)
    #expect(channel.application.credentials.isEmpty)
    #expect(channel.application.accessKey == nil)
    #expect(channel.commands.contains { $0.ins == 0xA3 } == profile.resetNeedsUnlocking)
  }

  @Test("Changes survive a disturbance at any command, executed or not", arguments: CardProfile.all)
  func disturbed(profile: CardProfile) async throws {
    let undisturbed = try TestCard(profile)
    try await personalize(undisturbed)
    for index in 0..<undisturbed.commands.count {
      for executes in [true, false] {
        let fault = TestCard.Fault(
          index: index, error: CardError(.timedOut), executes: executes)
        let card = try TestCard(profile, faults: [fault])
        try await personalize(card)
        #expect(card.application.accessKey == Fixtures.accessKeyBytes)
        #expect(card.application.credentials.count == 1)
        let code = try await OTPCard.OATHCard(card, access: .required(try Fixtures.accessKey))
          .transactionCode(
            of: try Fixtures.smartOTP, challenge: try Fixtures.transaction, deadline: .farAway)
        #expect(code.digitsText == "570924")
      }
    }
  }

  private func personalize(_ card: TestCard, access: OATHAccess = .open) async throws {
    try await OTPCard.OATHCard(card, access: access).personalize(
      try Fixtures.smartOTP, key: SecretBytes(Fixtures.smartOTPKey),
      accessKey: try Fixtures.accessKey, deadline: .farAway)
  }

  @Test(
    "A card with another access key is personalised anew with that key only",
    arguments: CardProfile.all)
  func personalizeAgain(profile: CardProfile) async throws {
    let card = try TestCard(profile)
    card.application.accessKey = [UInt8](repeating: 0x77, count: 16)
    await #expect(throws: OATHError.locked) { try await personalize(card) }
    try await personalize(card, access: .required(try Fixtures.otherKey))
    #expect(card.application.accessKey == Fixtures.accessKeyBytes)
    #expect(card.application.credentials.count == 1)
  }

  @Test("RESET survives a disturbance at any command, executed or not", arguments: [0, 2])
  func resetDisturbed(profile: Int) async throws {
    let undisturbed = try Fixtures.smartOTPCard(CardProfile.all[profile])
    let access = OATHAccess.ifLocked(try Fixtures.accessKey)
    try await OTPCard.OATHCard(undisturbed, access: access).reset(deadline: .farAway)
    for index in 0..<undisturbed.commands.count {
      for executes in [true, false] {
        let fault = TestCard.Fault(
          index: index, error: CardError(.timedOut), executes: executes)
        let card = try Fixtures.smartOTPCard(CardProfile.all[profile], faults: [fault])
        try await OTPCard.OATHCard(card, access: access).reset(deadline: .farAway)
        #expect(card.application.credentials.isEmpty)
        #expect(card.application.accessKey == nil)
      }
    }
  }
}

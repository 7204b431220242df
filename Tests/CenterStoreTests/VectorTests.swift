import Center
import Cryptography
import OneTimePassword
import SmartOTP
import Testing

@testable import CenterStore

@Suite("The protocol's vector")
struct VectorTests {
  @Test("Code 570924 of the protocol's test vector is accepted through claim and verification")
  func vector() async throws {
    let centre = try await TestCentre.withBanks()
    let card = try await importVectorCard(centre)
    let device = try await centre.registerDevice()
    try await centre.put(card, on: device)
    let transaction = Transaction(
      id: TransactionID(accepted: "T-0001"), institution: TestCentre.bank, card: card.identity,
      kind: .transfer,
      fields: [
        TransactionField(label: "payee", value: "시험용 수취인"),
        TransactionField(label: "account", value: "110-222-333333"),
        TransactionField(label: "amount", value: "KRW 1500000"),
      ],
      reference: nil, state: .pending, createdAt: UnixTime(1_795_500_000),
      expiresAt: UnixTime(1_795_500_300), attemptsLeft: 5,
      nonce: "000102030405060708090a0b0c0d0e0f", challengeTime: nil)
    try await centre.store.write { work in
      let number = try work.requireCard(card.identity).number
      try work.insert(transaction, card: number)
      try work.record("transaction.posted", "transaction:T-0001", as: .bank())
    }

    let claimed = try await centre.claim(transaction, on: device, at: UnixTime(1_795_500_042))
    #expect(claimed.challengeTime == UnixTime(1_795_500_042))
    let code = try #require(OneTimeCode(asciiDigits: Array("570924".utf8)))
    let verification = try await centre.store.verify(
      claimed.id, code: code, as: .bank(at: UnixTime(1_795_500_050)))
    #expect(verification.result == .accepted)
    try await centre.expectSound()
  }

  private func importVectorCard(_ centre: TestCentre) async throws -> TestCard {
    let identity = try CardIdentity("K01:12345678")
    let keys = CardKeys(
      transactionKey: SecretBytes(Array("01234567890123456789012345678901".utf8)),
      accessKey: SecretBytes([UInt8](repeating: 9, count: 16)))
    let application = try await centre.apply()
    let imported = try await centre.store.importCard(
      identity, keys: keys, for: application.id, as: .bank())
    #expect(imported.state == .keyed)
    let card = TestCard(identity: identity, keys: keys)
    let challenge = try await centre.store.keysWritten(identity, as: .bank())
    _ = try await centre.store.prove(
      identity, response: try card.response(to: challenge), as: .bank())
    return card
  }
}

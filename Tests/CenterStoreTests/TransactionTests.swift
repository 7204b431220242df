import Center
import OneTimePassword
import SmartOTP
import Testing

@testable import CenterStore

@Suite("Transactions in the store")
struct TransactionTests {
  @Test("A code of the claimed transaction is accepted, once")
  func acceptedOnce() async throws {
    let centre = try await TestCentre.withBanks()
    let (card, device) = try await centre.cardOnDevice()
    let claimed = try await centre.claim(try await centre.post(for: card), on: device)
    let code = try card.code(for: claimed)

    let first = try await centre.store.verify(claimed.id, code: code, as: .bank())
    #expect(first.result == .accepted)
    #expect(first.transaction == .verified)
    await expectRefusal(.transactionState) {
      try await centre.store.verify(claimed.id, code: code, as: .bank())
    }
    try centre.expectSound()
  }
}

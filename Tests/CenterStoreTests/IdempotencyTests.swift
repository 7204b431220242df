import Center
import SmartOTP
import Testing

@testable import CenterStore

@Suite("Requests that are repeated")
struct IdempotencyTests {
  private func bank(
    _ key: String, digest: UInt8 = 1, at time: UnixTime = TestCentre.start
  ) -> Caller {
    Caller(
      .institution(TestCentre.bank), at: time,
      idempotency: Idempotency(key: key, requestDigest: [digest]))
  }

  @Test("The same request is answered as the first time, whatever has happened since")
  func repeated() async throws {
    let centre = try await TestCentre.withBanks()
    let (card, device) = try await centre.cardOnDevice()
    let request = TransactionRequest.transfer(card.identity)
    let first = try await centre.store.post(request, by: TestCentre.bank, as: bank("a"))
    _ = try await centre.claim(first, on: device)
    let second = try await centre.store.post(request, by: TestCentre.bank, as: bank("a"))
    #expect(second == first)
    let page = try await centre.store.transactions(
      of: TestCentre.bank, PageRequest(), at: TestCentre.start)
    #expect(page.items.count == 1)
    try await centre.expectSound()
  }

  @Test("The same key for another request is refused; another actor's key is another key")
  func conflicts() async throws {
    let centre = try await TestCentre.withBanks()
    let card = try await centre.activeCard()
    let request = TransactionRequest.transfer(card.identity)
    _ = try await centre.store.post(request, by: TestCentre.bank, as: bank("a"))
    await expectRefusal(.idempotencyConflict) {
      try await centre.store.post(request, by: TestCentre.bank, as: bank("a", digest: 2))
    }
    let office = Caller(
      .operator("office"), at: TestCentre.start,
      idempotency: Idempotency(key: "a", requestDigest: [3]))
    _ = try await centre.store.post(request, by: TestCentre.bank, as: office)
  }

  @Test("A refused request does not use its key up, and a day later the key is free")
  func lifetimes() async throws {
    let centre = try await TestCentre.withBanks()
    let card = try await centre.activeCard()
    let unknown = TransactionRequest.transfer(try CardIdentity("K01:99999999"))
    await expectRefusal(.cardUnknown) {
      try await centre.store.post(unknown, by: TestCentre.bank, as: bank("a"))
    }
    let request = TransactionRequest.transfer(card.identity)
    let first = try await centre.store.post(request, by: TestCentre.bank, as: bank("a"))
    let nextDay = TestCentre.start + Idempotency.lifetimeSeconds
    let second = try await centre.store.post(
      request, by: TestCentre.bank, as: bank("a", digest: 2, at: nextDay))
    #expect(second.id != first.id)
    try await centre.store.sweep(at: nextDay + Idempotency.lifetimeSeconds + 1)
    let rows = try await centre.store.read { try $0.exists("SELECT 1 FROM idempotency") }
    #expect(!rows)
  }

  @Test("A repeated code, card and registration give the same secrets again, which are sealed")
  func secrets() async throws {
    let centre = try await TestCentre.withBanks()
    let card = try await centre.activeCard()
    let device = try await centre.registerDevice()
    let request = RegistrationCodeRequest(purpose: .card, card: card.identity)
    let issued = try await centre.store.issueRegistrationCode(request, as: bank("code"))
    let again = try await centre.store.issueRegistrationCode(request, as: bank("code"))
    #expect(again.code.characters == issued.code.characters)
    let asDevice = Caller(
      .device(device), at: TestCentre.start,
      idempotency: Idempotency(key: "card", requestDigest: [1]))
    for _ in 0..<2 {
      let (_, keys) = try await centre.store.addCard(
        card.identity, to: device, code: issued.code, as: asDevice)
      #expect(keys.accessKey == card.keys.accessKey)
    }
    try await centre.store.backup(to: centre.directory + "/copy")
    let bytes = try FileBytes.read(centre.directory + "/copy")
    #expect(!bytes.contains(Array(issued.code.grouped.utf8)))
    #expect(!bytes.contains(Array(issued.code.characters.utf8)))
    card.keys.accessKey.withUnsafeBytes { key in
      #expect(!bytes.contains(Array(key)))
    }
  }
}

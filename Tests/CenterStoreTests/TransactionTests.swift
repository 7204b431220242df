import Center
import Cryptography
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
    try await centre.expectSound()
  }

  @Test("A later claim voids the earlier code, even within the same second")
  func laterClaim() async throws {
    let centre = try await TestCentre.withBanks()
    let (card, device) = try await centre.cardOnDevice()
    let first = try await centre.claim(try await centre.post(for: card), on: device)
    let second = try await centre.claim(first, on: device)
    #expect(second.challengeTime == first.challengeTime.map { $0 + 1 })

    let early = try await centre.store.verify(
      first.id, code: try card.code(for: first), as: .bank())
    #expect(early.result == .wrong)
    let late = try await centre.store.verify(
      first.id, code: try card.code(for: second), as: .bank())
    #expect(late.result == .accepted)
  }

  @Test("The fifth wrong code rejects the transaction")
  func rejection() async throws {
    let centre = try await TestCentre.withBanks()
    let (card, device) = try await centre.cardOnDevice()
    let claimed = try await centre.claim(try await centre.post(for: card), on: device)
    for left in [4, 3, 2, 1, 0] {
      let verification = try await centre.store.verify(
        claimed.id, code: try card.wrongCode(for: claimed), as: .bank())
      #expect(verification.result == .wrong)
      #expect(verification.attemptsLeft == left)
      #expect(verification.transaction == (left == 0 ? .rejected : .claimed))
    }
    await expectRefusal(.transactionState) {
      try await centre.store.verify(
        claimed.id, code: try card.code(for: claimed), as: .bank())
    }
    try await centre.expectSound()
  }

  @Test("Ten wrong codes in a row lock the card for everybody; its issuer unlocks it")
  func lock() async throws {
    let centre = try await TestCentre.withBanks()
    let (card, device) = try await centre.cardOnDevice()
    for round in 1...2 {
      let claimed = try await centre.claim(try await centre.post(for: card), on: device)
      for attempt in 1...5 {
        let verification = try await centre.store.verify(
          claimed.id, code: try card.wrongCode(for: claimed), as: .bank())
        #expect(verification.cardLocked == (round == 2 && attempt == 5))
      }
    }
    await expectRefusal(.cardLocked) { try await centre.post(for: card) }
    await expectRefusal(.documentMismatch) {
      try await centre.store.unlock(
        card.identity, document: IdentityDocument(kind: .passport, number: "X0000000"),
        as: .bank())
    }
    await expectRefusal(.notYours) {
      try await centre.store.unlock(
        card.identity, document: TestCentre.document, as: .otherBank())
    }
    let unlocked = try await centre.store.unlock(
      card.identity, document: TestCentre.document, as: .bank())
    #expect(unlocked.wrongCodes == 0)
    await expectRefusal(.cardNotLocked) {
      try await centre.store.unlock(
        card.identity, document: TestCentre.document, as: .bank())
    }
    _ = try await centre.post(for: card)
    try await centre.expectSound()
  }

  @Test("A right code sets the card's count of wrong ones back")
  func countIsReset() async throws {
    let centre = try await TestCentre.withBanks()
    let (card, device) = try await centre.cardOnDevice()
    let claimed = try await centre.claim(try await centre.post(for: card), on: device)
    for _ in 0..<3 {
      _ = try await centre.store.verify(
        claimed.id, code: try card.wrongCode(for: claimed), as: .bank())
    }
    #expect(try await centre.store.card(card.identity).wrongCodes == 3)
    _ = try await centre.store.verify(claimed.id, code: try card.code(for: claimed), as: .bank())
    #expect(try await centre.store.card(card.identity).wrongCodes == 0)
    try await centre.expectSound()
  }

  @Test("Without a claim there is no code, and a code runs out after three minutes")
  func codeLifetime() async throws {
    let centre = try await TestCentre.withBanks()
    let (card, device) = try await centre.cardOnDevice()
    let posted = try await centre.post(for: card)
    let code = try #require(OneTimeCode(asciiDigits: Array("123456".utf8)))
    await expectRefusal(.transactionState) {
      try await centre.store.verify(posted.id, code: code, as: .bank())
    }
    let claimed = try await centre.claim(posted, on: device)
    await expectRefusal(.transactionExpired) {
      try await centre.store.verify(
        claimed.id, code: try card.code(for: claimed), as: .bank(at: TestCentre.start + 180))
    }
    let verification = try await centre.store.verify(
      claimed.id, code: try card.code(for: claimed), as: .bank(at: TestCentre.start + 179))
    #expect(verification.result == .accepted)
  }

  @Test("Only the institution that posted a transaction verifies and cancels it")
  func ownership() async throws {
    let centre = try await TestCentre.withBanks()
    let (card, device) = try await centre.cardOnDevice()
    let claimed = try await centre.claim(try await centre.post(for: card), on: device)
    let code = try card.code(for: claimed)
    await expectRefusal(.notYours) {
      try await centre.store.verify(claimed.id, code: code, as: .otherBank())
    }
    await expectRefusal(.notYours) {
      try await centre.store.cancel(claimed.id, as: .otherBank())
    }
    await expectRefusal(.notRegistered) {
      try await centre.store.post(
        .transfer(card.identity), by: TestCentre.otherBank, as: .otherBank())
    }
    await expectRefusal(.notYours) {
      try await centre.store.post(.transfer(card.identity), by: TestCentre.bank, as: .otherBank())
    }
  }

  @Test("A device claims only for a card that it has, and that was tapped")
  func claims() async throws {
    let centre = try await TestCentre.withBanks()
    let (card, _) = try await centre.cardOnDevice()
    let stranger = try await centre.registerDevice(fingerprint: 2)
    let posted = try await centre.post(for: card)
    await expectRefusal(.cardNotOnDevice) { try await centre.claim(posted, on: stranger) }
    await expectRefusal(.deviceUnknown) { try await centre.claim(posted, on: .random()) }
    await expectRefusal(.cardNotOnDevice) {
      try await centre.store.openTransactions(
        for: card.identity, on: stranger, at: TestCentre.start)
    }
    await expectRefusal(.cardNotOnDevice) {
      try await centre.store.cancel(
        posted.id, as: Caller(.device(stranger), at: TestCentre.start))
    }
  }

  @Test("The device that has the card sees what waits for it, oldest first, and may cancel it")
  func openTransactions() async throws {
    let centre = try await TestCentre.withBanks()
    let (card, device) = try await centre.cardOnDevice()
    let first = try await centre.post(for: card)
    let second = try await centre.post(for: card)
    let open = try await centre.store.openTransactions(
      for: card.identity, on: device, at: TestCentre.start)
    #expect(open.map(\.id) == [first.id, second.id])
    let cancelled = try await centre.store.cancel(
      first.id, as: Caller(.device(device), at: TestCentre.start))
    #expect(cancelled.state == .cancelled)
    await expectRefusal(.transactionState) { try await centre.claim(first, on: device) }
    let rest = try await centre.store.openTransactions(
      for: card.identity, on: device, at: TestCentre.start)
    #expect(rest.map(\.id) == [second.id])
    let later = try await centre.store.openTransactions(
      for: card.identity, on: device, at: TestCentre.start + 300)
    #expect(later.isEmpty)
    try await centre.expectSound()
  }

  @Test("What has run out reads as expired at once, and is marked so by the sweep")
  func sweep() async throws {
    let centre = try await TestCentre.withBanks()
    let (card, device) = try await centre.cardOnDevice()
    let posted = try await centre.post(for: card)
    let claimed = try await centre.claim(
      try await centre.post(for: card), on: device, at: TestCentre.start + 290)
    let end = TestCentre.start + 300
    #expect(try await centre.store.transaction(posted.id, at: end).state == .expired)
    await expectRefusal(.transactionExpired) { try await centre.claim(posted, on: device, at: end) }

    try await centre.store.sweep(at: end)
    #expect(try await centre.store.transaction(posted.id, at: TestCentre.start).state == .expired)
    // The code of a late claim is good for longer than the transaction could be claimed.
    let verification = try await centre.store.verify(
      claimed.id, code: try card.code(for: claimed), as: .bank(at: end + 100))
    #expect(verification.result == .accepted)
    try await centre.expectSound()
  }

  @Test("A suspended institution posts and verifies nothing until it is resumed")
  func suspension() async throws {
    let centre = try await TestCentre.withBanks()
    let (card, device) = try await centre.cardOnDevice()
    let claimed = try await centre.claim(try await centre.post(for: card), on: device)
    var bank = try await centre.store.institution(TestCentre.bank)
    bank.isSuspended = true
    _ = try await centre.store.update(bank, as: .office)
    await expectRefusal(.institutionSuspended) { try await centre.post(for: card) }
    await expectRefusal(.institutionSuspended) {
      try await centre.store.verify(
        claimed.id, code: try card.code(for: claimed), as: .bank())
    }
    bank.isSuspended = false
    _ = try await centre.store.update(bank, as: .office)
    let verification = try await centre.store.verify(
      claimed.id, code: try card.code(for: claimed), as: .bank())
    #expect(verification.result == .accepted)
  }

  @Test("Transactions are listed newest first, page by page, each once")
  func listing() async throws {
    let centre = try await TestCentre.withBanks()
    let (card, _) = try await centre.cardOnDevice()
    var posted: [TransactionID] = []
    for _ in 0..<5 { posted.append(try await centre.post(for: card).id) }
    var listed: [TransactionID] = []
    var cursor: String?
    repeat {
      let page = try await centre.store.transactions(
        of: TestCentre.bank, PageRequest(cursor: cursor, limit: 2), at: TestCentre.start)
      #expect(page.items.count <= 2)
      listed += page.items.map(\.id)
      cursor = page.next
    } while cursor != nil
    #expect(listed == posted.reversed())
    await expectRefusal(.invalidValue) {
      try await centre.store.transactions(
        of: TestCentre.bank, PageRequest(cursor: "x"), at: TestCentre.start)
    }
  }
}

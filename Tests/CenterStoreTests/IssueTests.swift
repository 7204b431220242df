import Center
import Cryptography
import SmartOTP
import Testing

@testable import CenterStore

@Suite("Issuing in the store")
struct IssueTests {
  @Test("Whoever may not apply is told every reason")
  func ineligible() async throws {
    let centre = try await TestCentre.withBanks()
    let form = ApplicationForm(
      customerName: "Kim", customerKind: .corporate, identityDocument: TestCentre.document,
      contact: "010", hasNFCDevice: false)
    let refusal = await expectRefusal(.ineligible) {
      try await centre.store.apply(form, at: TestCentre.otherBank, as: .otherBank())
    }
    #expect(refusal?.detail.contains("does not issue") == true)
    #expect(refusal?.detail.contains("corporations") == true)
  }

  @Test("A reservation that was interrupted gives the same card and keys again")
  func resumption() async throws {
    let centre = try await TestCentre.withBanks()
    let application = try await centre.apply()
    let (card, keys) = try await centre.store.reserveCard(
      for: application.id, serial: nil, as: .bank())
    let (again, sameKeys) = try await centre.store.reserveCard(
      for: application.id, serial: nil, as: .bank())
    #expect(again == card)
    #expect(sameKeys.transactionKey == keys.transactionKey)
    #expect(sameKeys.accessKey == keys.accessKey)
    _ = try await centre.store.keysWritten(card.card, as: .bank())
    let (keyed, _) = try await centre.store.reserveCard(
      for: application.id, serial: nil, as: .bank())
    #expect(keyed.state == .keyed)
    await expectRefusal(.cardState) {
      try await centre.store.reserveCard(
        for: application.id, serial: Serial(accepted: "99999999"), as: .bank())
    }
    try await centre.expectSound()
  }

  @Test("Keys are begun on one card, and on no other until the card is given up")
  func keysBegun() async throws {
    let centre = try await TestCentre.withBanks()
    let application = try await centre.apply()
    let (card, _) = try await centre.store.reserveCard(
      for: application.id, serial: nil, as: .bank())
    let (first, second) = ([UInt8](repeating: 1, count: 8), [UInt8](repeating: 2, count: 8))
    await expectRefusal(.notYours) {
      try await centre.store.keysBegun(card.card, on: first, as: .otherBank())
    }
    for count in [0, 65] {
      await expectRefusal(.invalidValue) {
        try await centre.store.keysBegun(
          card.card, on: [UInt8](repeating: 1, count: count), as: .bank())
      }
    }
    for _ in 0..<2 {
      #expect(
        try await centre.store.keysBegun(card.card, on: first, as: .bank()).state == .reserved)
    }
    let refusal = await expectRefusal(.cardState) {
      try await centre.store.keysBegun(card.card, on: second, as: .bank())
    }
    #expect(refusal?.detail.contains("begun on another card") == true)
    _ = try await centre.store.keysWritten(card.card, as: .bank())
    await expectRefusal(.cardState) {
      try await centre.store.keysBegun(card.card, on: second, as: .bank())
    }
    _ = try await centre.store.abandon(card.card, reason: "mixed up", as: .bank())
    await expectRefusal(.cardState) {
      try await centre.store.keysBegun(card.card, on: first, as: .bank())
    }
    let (other, _) = try await centre.store.reserveCard(
      for: application.id, serial: nil, as: .bank())
    #expect(
      try await centre.store.keysBegun(other.card, on: second, as: .bank()).card == other.card)
    try await centre.expectSound()
  }

  @Test("A card is active only after it proved its key; a wrong proof uses the challenge up")
  func proof() async throws {
    let centre = try await TestCentre.withBanks()
    let application = try await centre.apply()
    let (card, keys) = try await centre.store.reserveCard(
      for: application.id, serial: nil, as: .bank())
    let testCard = TestCard(identity: card.card, keys: keys)
    await expectRefusal(.proofNotExpected) {
      try await centre.store.prove(card.card, response: [], as: .bank())
    }
    let challenge = try await centre.store.keysWritten(card.card, as: .bank())
    await expectRefusal(.proofWrong) {
      try await centre.store.prove(
        card.card, response: [UInt8](repeating: 0, count: 32), as: .bank())
    }
    let response = try testCard.response(to: challenge)
    await expectRefusal(.proofNotExpected) {
      try await centre.store.prove(card.card, response: response, as: .bank())
    }
    await expectRefusal(.cardState) { try await centre.post(for: testCard) }

    let second = try await centre.store.keysWritten(card.card, as: .bank())
    let active = try await centre.store.prove(
      card.card, response: try testCard.response(to: second), as: .bank())
    #expect(active.state == .active)
    #expect(try await centre.store.application(application.id).state == .issued)
    let registrations = try await centre.store.registrations(of: card.card, PageRequest())
    #expect(registrations.items.map(\.channel) == [.issue])
    await expectRefusal(.applicationClosed) {
      try await centre.store.reserveCard(for: application.id, serial: nil, as: .bank())
    }
    try await centre.expectSound()
  }

  @Test("A card that is given up is retired without keys, and its application is open again")
  func abandonment() async throws {
    let centre = try await TestCentre.withBanks()
    let application = try await centre.apply()
    let serial = Serial(accepted: "12345678")
    let (card, keys) = try await centre.store.reserveCard(
      for: application.id, serial: serial, as: .bank())
    let retired = try await centre.store.abandon(card.card, reason: "broken", as: .bank())
    #expect(retired.state == .retired)
    #expect(try await centre.store.application(application.id).state == .open)
    await expectRefusal(.cardExists) {
      try await centre.store.reserveCard(for: application.id, serial: serial, as: .bank())
    }
    let (other, otherKeys) = try await centre.store.reserveCard(
      for: application.id, serial: nil, as: .bank())
    #expect(other.card != card.card)
    #expect(otherKeys.transactionKey != keys.transactionKey)
    try await centre.expectSound()
  }

  @Test("A withdrawn application takes its reserved card with it")
  func withdrawal() async throws {
    let centre = try await TestCentre.withBanks()
    let application = try await centre.apply()
    let (card, _) = try await centre.store.reserveCard(
      for: application.id, serial: nil, as: .bank())
    await expectRefusal(.notYours) {
      try await centre.store.withdraw(application.id, as: .otherBank())
    }
    #expect(try await centre.store.withdraw(application.id, as: .bank()).state == .withdrawn)
    #expect(try await centre.store.card(card.card).state == .retired)
    await expectRefusal(.applicationClosed) {
      try await centre.store.reserveCard(for: application.id, serial: nil, as: .bank())
    }
    try await centre.expectSound()
  }

  @Test("A lost card stops everywhere in one step, and may be reported twice")
  func loss() async throws {
    let centre = try await TestCentre.withBanks()
    let (card, device) = try await centre.cardOnDevice()
    let pending = try await centre.post(for: card)
    let claimed = try await centre.claim(try await centre.post(for: card), on: device)
    let code = try card.code(for: claimed)
    let last = try await centre.store.lastEventID()

    for _ in 0..<2 {
      let lost = try await centre.store.reportLost(card.identity, reason: "bag", as: .bank())
      #expect(lost.state == .lost)
    }
    await expectRefusal(.transactionState) {
      try await centre.store.verify(claimed.id, code: code, as: .bank())
    }
    #expect(
      try await centre.store.transaction(pending.id, at: TestCentre.start).state == .cancelled)
    #expect(try await centre.store.cards(on: device).isEmpty)
    await expectRefusal(.cardLost) { try await centre.post(for: card) }
    let registrations = try await centre.store.registrations(of: card.identity, PageRequest())
    #expect(registrations.items.allSatisfy { $0.state == .withdrawn })
    let events = try await centre.store.events(for: device, after: last, limit: 10)
    #expect(events.map(\.kind).filter { $0 == .cardWithdrawn }.count == 1)
    try await centre.expectSound()
  }

  @Test("A lost card is replaced by a new application of the same customer")
  func reissue() async throws {
    let centre = try await TestCentre.withBanks()
    let card = try await centre.activeCard()
    await expectRefusal(.cardState) { try await centre.apply(replaces: card.identity) }
    _ = try await centre.store.reportLost(card.identity, reason: "bag", as: .bank())
    let other = try IdentityDocument(kind: .passport, number: "Z9999999")
    await expectRefusal(.documentMismatch) {
      try await centre.apply(name: "Lee", document: other, replaces: card.identity)
    }
    let application = try await centre.apply(replaces: card.identity)
    let customer = try await centre.store.card(card.identity).customer
    #expect(application.customer == customer)
  }

  @Test("The document's number is nowhere in the file")
  func documentNumber() async throws {
    let centre = try await TestCentre.withBanks()
    _ = try await centre.activeCard()
    let found = try await centre.store.read { database in
      try database.all("SELECT quote(document_hash) || document_ending FROM customers") {
        $0.text(0)
      }
    }
    #expect(found.count == 1)
    #expect(found.allSatisfy { !$0.contains("12345678") && $0.hasSuffix("678") })
    _ = try await centre.store.backup(to: centre.directory + "/copy")
    let bytes = try FileBytes.read(centre.directory + "/copy")
    #expect(!bytes.contains(Array("M12345678".utf8)))
  }

  @Test("Imported keys must have their sizes, and the vendor code must be the institution's")
  func imports() async throws {
    let centre = try await TestCentre.withBanks()
    let application = try await centre.apply()
    let short = CardKeys(
      transactionKey: try .random(count: 20), accessKey: try .random(count: 16))
    await expectRefusal(.invalidValue) {
      try await centre.store.importCard(
        CardIdentity("K01:12345678"), keys: short, for: application.id, as: .bank())
    }
    let keys = CardKeys(
      transactionKey: try .random(count: 32), accessKey: try .random(count: 16))
    await expectRefusal(.invalidValue) {
      try await centre.store.importCard(
        CardIdentity("K02:12345678"), keys: keys, for: application.id, as: .bank())
    }
    _ = try await centre.store.importCard(
      CardIdentity("K01:12345678"), keys: keys, for: application.id, as: .bank())
    try await centre.expectSound()
  }
}

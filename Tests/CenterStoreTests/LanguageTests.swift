import Center
import Cryptography
import GRDB
import SmartOTP
import Testing

@testable import CenterStore

@Suite("A cardholder's language in the store")
struct LanguageTests {
  private func issue(_ centre: TestCentre, language: Language?) async throws -> TestCard {
    let form = ApplicationForm(
      customerName: "Kim Minji", customerKind: .personal, identityDocument: TestCentre.document,
      contact: "010-0000-0000", hasNFCDevice: true, language: language)
    let application = try await centre.store.apply(form, at: TestCentre.bank, as: .bank())
    #expect(application.language == language)
    #expect(try await centre.store.application(application.id).language == language)
    let (card, keys) = try await centre.store.reserveCard(
      for: application.id, serial: nil, as: .bank())
    let testCard = TestCard(identity: card.card, keys: keys)
    let challenge = try await centre.store.keysWritten(card.card, as: .bank())
    let active = try await centre.store.prove(
      card.card, response: try testCard.response(to: challenge), as: .bank())
    #expect(active.language == language)
    return testCard
  }

  @Test(
    "A card has the language of its application, and a device learns it with the card",
    arguments: [nil, .korean, .hindi, .english] as [Language?])
  func fromApplicationToDevice(language: Language?) async throws {
    let centre = try await TestCentre.withBanks()
    let card = try await issue(centre, language: language)
    let device = try await centre.registerDevice()
    let code = try await centre.store.issueRegistrationCode(
      RegistrationCodeRequest(purpose: .card, card: card.identity), as: .bank())
    let (added, _) = try await centre.store.addCard(
      card.identity, to: device, code: code.code,
      as: Caller(.device(device), at: TestCentre.start))
    #expect(added.language == language)
    #expect(try await centre.store.cards(on: device).map(\.language) == [language])
    try await centre.expectSound()
  }

  @Test("A change is on record once, with the card and the language, and its devices are told it")
  func change() async throws {
    let centre = try await TestCentre.withBanks()
    let (card, device) = try await centre.cardOnDevice()
    for _ in 0..<2 {
      let changed = try await centre.store.setLanguage(
        of: card.identity, to: .korean, as: .office)
      #expect(changed.language == .korean)
    }
    #expect(try await centre.store.cards(on: device).map(\.language) == [.korean])
    #expect(
      try await centre.store.setLanguage(of: card.identity, to: nil, as: .office).language == nil)
    let records = try await centre.store.audit(PageRequest(limit: 200)).items
      .filter { $0.action == "card.language" }
    #expect(records.map(\.detail) == ["ko", "left to the appliance"])
    #expect(records.allSatisfy { $0.subject == "card:\(card.identity)" })
    #expect(records.allSatisfy { $0.actor == "operator:office" })
    #expect(try await centre.store.verifyAudit().isIntact)
    try await centre.expectSound()
  }

  @Test("Only the issuer and operators change it, and not of a card that is gone")
  func refusals() async throws {
    let centre = try await TestCentre.withBanks()
    let card = try await centre.activeCard()
    await expectRefusal(.notYours) {
      try await centre.store.setLanguage(of: card.identity, to: .hindi, as: .otherBank())
    }
    #expect(
      try await centre.store.setLanguage(of: card.identity, to: .hindi, as: .bank()).language
        == .hindi)
    _ = try await centre.store.reportLost(card.identity, reason: "bag", as: .bank())
    await expectRefusal(.cardLost) {
      try await centre.store.setLanguage(of: card.identity, to: .korean, as: .office)
    }
  }

  @Test("A database of before languages opens with its cards, which leave it to the appliance")
  func migration() async throws {
    let centre = try await TestCentre.withBanks()
    let path = centre.directory + "/before.sqlite"
    do {
      let before = try DatabaseQueue(path: path)
      try Schema.migrator.migrate(before, upTo: "3 one card for the keys")
      try await before.write { try $0.execute(sql: Self.cardOfBefore) }
      try before.close()
    }
    let store = try SQLiteStore(path: path, keys: centre.ring)
    let card = try CardIdentity("K01:12345678")
    #expect(try await store.card(card).language == nil)
    #expect(try await store.applications(at: TestCentre.bank, PageRequest()).items.count == 1)
    #expect(
      try await store.setLanguage(of: card, to: .hindi, as: .office).language == .hindi)
    #expect(try await store.card(card).language == .hindi)
  }

  private static let cardOfBefore = """
    PRAGMA defer_foreign_keys = ON;
    INSERT INTO institutions VALUES ('004', 'First Bank', 'K01', 0);
    INSERT INTO customers VALUES
      (1, 'cus-7ZK3QJ0V5N2M8R4T', 'Kim', zeroblob(32), 'passport', '678', 1795500000);
    INSERT INTO applications VALUES
      (1, 'app-7ZK3QJ0V5N2M8R4T', '004', 1, 'Kim', 'personal', '010', 'issued', 1, NULL, 1795500000);
    INSERT INTO cards VALUES
      (1, 'K01', '12345678', '004', 1, 1, 'active', 0, x'00', x'00', NULL, 1795500000, NULL);
    """

  @Test("A device reads the institution's name beside a transaction, as the directory has it now")
  func institutionName() async throws {
    let centre = try await TestCentre.withBanks()
    let (card, device) = try await centre.cardOnDevice()
    let posted = try await centre.post(for: card)
    let open = try await centre.store.openTransactions(
      for: card.identity, on: device, at: TestCentre.start)
    #expect(open.map(\.institutionName) == ["First Bank"])
    _ = try await centre.store.update(
      Institution(
        code: TestCentre.bank, name: "Renamed", vendorCode: VendorCode(accepted: "K01")),
      as: .office)
    let claimed = try await centre.claim(posted, on: device)
    #expect(claimed.institutionName == "Renamed")
    var bare = claimed
    bare.institutionName = nil
    let (named, unnamed) = (try claimed.challenge(), try bare.challenge())
    #expect(named.bytes == unnamed.bytes)
  }
}

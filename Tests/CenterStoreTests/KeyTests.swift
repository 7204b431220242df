import Center
import Cryptography
import Glibc
import SmartOTP
import Testing

@testable import CenterStore

@Suite("Keys that seal")
struct KeyTests {
  private static let newKey = SecretBytes([UInt8](repeating: 8, count: 32))
  private static let oldKey = SecretBytes([UInt8](repeating: 7, count: 32))

  @Test("The key file is read if its owner alone has access, and its last key is active")
  func file() throws {
    let centre = try TestCentre()
    let path = centre.directory + "/kek"
    #expect(throws: KeyRingError.missing(path: path)) { try KeyRing(contentsOf: path) }
    #expect(try KeyRing.addKey(to: path) == 1)
    #expect(try KeyRing.addKey(to: path) == 2)
    let ring = try KeyRing(contentsOf: path)
    #expect(ring.ids == [1, 2])
    #expect(ring.activeID == 2)
    chmod(path, 0o640)
    #expect(throws: KeyRingError.tooOpen(path: path, mode: 0o640)) {
      try KeyRing(contentsOf: path)
    }
  }

  @Test("Where systemd gives a credential, it is the key file; its group is the service's own")
  func credential() throws {
    let centre = try TestCentre()
    let path = centre.directory + "/kek"
    try KeyRing.addKey(to: path)
    #expect(throws: KeyRingError.missing(path: "/none")) { try KeyRing(credentialOr: "/none") }
    setenv("CREDENTIALS_DIRECTORY", centre.directory, 1)
    defer { unsetenv("CREDENTIALS_DIRECTORY") }
    chmod(path, 0o440)
    #expect(try KeyRing(credentialOr: "/none").activeID == 1)
    chmod(path, 0o444)
    #expect(throws: KeyRingError.tooOpen(path: path, mode: 0o444)) {
      try KeyRing(credentialOr: "/none")
    }
  }

  @Test(
    "A key file with anything else in it is refused, naming the line",
    arguments: [
      "0000000g " + String(repeating: "0", count: 64), "00000001",
      "00000001 " + String(repeating: "0", count: 63),
      "00000001  " + String(repeating: "0", count: 63),
      "+0000001 " + String(repeating: "0", count: 64),
    ])
  func malformed(line: String) {
    #expect(throws: KeyRingError.malformedLine(2)) {
      try KeyRing(lines: Array("# keys\n\(line)\n".utf8))
    }
  }

  @Test("A ring has at least one key, of 32 bytes, under its own id")
  func rings() {
    #expect(throws: KeyRingError.empty) { try KeyRing([]) }
    #expect(throws: KeyRingError.keySize) { try KeyRing([(1, SecretBytes([1]))]) }
    #expect(throws: KeyRingError.repeatedID(1)) {
      try KeyRing([(1, Self.oldKey), (1, Self.newKey)])
    }
  }

  @Test("A store does not open under another key, nor without its key, and says which")
  func wrongKey() async throws {
    let centre = try await TestCentre.withBanks()
    let other = try KeyRing([(1, Self.newKey)])
    #expect {
      try SQLiteStore(path: centre.path, keys: other)
    } throws: { error in
      "\(error)".contains("does not open under key 00000001")
    }
    let missing = try KeyRing([(9, Self.oldKey)])
    #expect {
      try SQLiteStore(path: centre.path, keys: missing)
    } throws: { error in
      "\(error)".contains("key 00000001 is not in the key file")
    }
  }

  @Test("A sealed key moved to another card's row does not open")
  func moved() async throws {
    let centre = try await TestCentre.withBanks()
    let first = try await centre.activeCard()
    _ = try await centre.activeCard(
      document: try IdentityDocument(kind: .passport, number: "Z7654321"))
    try await centre.store.pool.write { database in
      try database.execute(
        sql: """
          UPDATE cards SET transaction_key = (SELECT transaction_key FROM cards WHERE number = 2)
          WHERE number = 1
          """)
    }
    let violations = try await centre.store.verify()
    #expect(violations.map(\.rule) == ["sealed values open"])
    #expect(violations.first?.place.contains(first.identity.description) == true)
  }

  @Test("Rotation seals everything anew; afterwards the old key may go")
  func rotation() async throws {
    let centre = try await TestCentre.withBanks()
    let (card, device) = try await centre.cardOnDevice()
    _ = try await importToken(centre)
    let both = try KeyRing([(1, Self.oldKey), (2, Self.newKey)])
    centre.store.use(both)
    let idempotent = Caller(
      .institution(TestCentre.bank), at: TestCentre.start,
      idempotency: Idempotency(key: "k", requestDigest: [1]))
    _ = try await centre.store.post(
      .transfer(card.identity), by: TestCentre.bank, as: idempotent)
    // What is in the store from before reads under both.
    let claimed = try await centre.claim(try await centre.post(for: card), on: device)
    #expect(try await centre.store.keysInUse() == [1, 2])

    #expect(try await centre.store.rekey(as: .office) > 0)
    #expect(try await centre.store.keysInUse() == [2])
    #expect(try await centre.store.rekey(as: .office) == 0)
    let alone = try SQLiteStore(path: centre.path, keys: KeyRing([(2, Self.newKey)]))
    let verification = try await alone.verify(
      claimed.id, code: card.code(for: claimed), as: .bank())
    #expect(verification.result == .accepted)
    #expect(try await alone.verify().isEmpty)
  }

  @Test("An interrupted rotation reads as before, and goes on where it was")
  func interrupted() async throws {
    let centre = try await TestCentre.withBanks()
    let cards = GeneratedCards(issuer: TestCentre.bank, vendorCode: VendorCode(accepted: "K01"))
    try centre.store.generate(cards, numbers: 0..<1200, at: TestCentre.start)
    centre.store.use(try KeyRing([(1, Self.oldKey), (2, Self.newKey)]))
    // The third batch of the first column fails, as a full disk would make it.
    try await centre.store.pool.write { database in
      try database.execute(
        sql: """
          CREATE TRIGGER stop BEFORE UPDATE OF transaction_key ON cards WHEN OLD.number > 1000
          BEGIN SELECT RAISE(ABORT, 'stopped'); END
          """)
    }
    await expectRefusal(.internalError) { try await centre.store.rekey(as: .office) }
    #expect(try await centre.store.keysInUse() == [1, 2])
    let key = try await centre.store.write { work in
      try work.keys(of: work.requireCard(cards.card(3))).transactionKey
    }
    #expect(try key == cards.transactionKey(3))
    try await centre.store.pool.write { try $0.execute(sql: "DROP TRIGGER stop") }
    let rest = try await centre.store.rekey(as: .office)
    #expect(rest == 200 + 1200)
    #expect(try await centre.store.keysInUse() == [2])
  }

  private func importToken(_ centre: TestCentre) async throws -> Token {
    let token = NewToken(
      institution: TestCentre.bank, manufacturer: "ACME", serial: "1", method: .totp(.init()),
      key: try .random(count: 20))
    return try await centre.store.importToken(token, as: .bank())
  }
}

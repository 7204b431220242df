import Center
import GRDB
import SmartOTP
import Testing

@testable import CenterStore

@Suite("The audit chain")
struct AuditTests {
  private func centreWithRecords() async throws -> TestCentre {
    let centre = try await TestCentre.withBanks()
    let (card, device) = try await centre.cardOnDevice()
    _ = try await centre.claim(try await centre.post(for: card), on: device)
    return centre
  }

  /// As somebody with the file and without the keys would.
  private func tamper(_ centre: TestCentre, _ sql: String) throws {
    try centre.store.pool.write { database in
      try database.execute(
        sql: "DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_deleted")
      try database.execute(sql: sql)
    }
  }

  @Test("Every change has left its record, and the chain is intact")
  func intact() async throws {
    let centre = try await centreWithRecords()
    let page = try await centre.store.audit(PageRequest(limit: 200))
    #expect(page.items.map(\.number) == Array(1...Int64(page.items.count)))
    #expect(page.items.map(\.action).suffix(2) == ["transaction.posted", "transaction.claimed"])
    #expect(try await centre.store.verifyAudit() == .intact(records: Int64(page.items.count)))
  }

  @Test(
    "A record that was altered is named",
    arguments: ["detail = 'x'", "actor = 'center'", "time = time + 1", "hash = zeroblob(32)"])
  func altered(change: String) async throws {
    let centre = try await centreWithRecords()
    try tamper(centre, "UPDATE audit SET \(change) WHERE number = 4")
    #expect(try await centre.store.verifyAudit() == .altered(number: 4))
    #expect(try await centre.store.verify().contains { $0.rule.contains("audit") })
  }

  @Test("Text moved from one field to the next is noticed")
  func moved() async throws {
    let centre = try await centreWithRecords()
    try tamper(
      centre,
      "UPDATE audit SET action = action || substr(subject, 1, 1), subject = substr(subject, 2) "
        + "WHERE number = 3")
    #expect(try await centre.store.verifyAudit() == .altered(number: 3))
  }

  @Test("A record that was taken out is missed")
  func missing() async throws {
    let centre = try await centreWithRecords()
    try tamper(centre, "DELETE FROM audit WHERE number = 3")
    #expect(try await centre.store.verifyAudit() == .missing(number: 3))
  }

  @Test("Records taken from the end are missed, also after new ones were written")
  func cutShort() async throws {
    let centre = try await centreWithRecords()
    let count = Int64(try await centre.store.audit(PageRequest(limit: 200)).items.count)
    try tamper(centre, "DELETE FROM audit WHERE number > \(count - 2)")
    #expect(
      try await centre.store.verifyAudit() == .cutShort(expected: count, found: count - 2))
    try await centre.store.note(action: "test", subject: "test", detail: "", as: .office)
    #expect(try await centre.store.verifyAudit() == .missing(number: count - 1))
  }

  @Test("The database itself lets nobody change or delete a record")
  func triggers() async throws {
    let centre = try await centreWithRecords()
    for sql in ["UPDATE audit SET detail = ''", "DELETE FROM audit WHERE number = 1"] {
      #expect(throws: DatabaseError.self) {
        try centre.store.pool.write { try $0.execute(sql: sql) }
      }
    }
  }

  @Test("A refused call leaves no record; a note does")
  func refusals() async throws {
    let centre = try await TestCentre.withBanks()
    let before = try await centre.store.audit(PageRequest()).items.count
    await expectRefusal(.cardUnknown) {
      try await centre.store.reportLost(CardIdentity("K01:00000000"), reason: "", as: .bank())
    }
    #expect(try await centre.store.audit(PageRequest()).items.count == before)
    try await centre.store.note(
      action: "request.refused", subject: "card:K01:00000000", detail: "", as: .bank())
    #expect(try await centre.store.audit(PageRequest()).items.count == before + 1)
    #expect(try await centre.store.verifyAudit().isIntact)
  }
}

import Center
import GRDB
import SmartOTP
import Testing

@testable import CenterStore

/// Each plants one fault past the store and its triggers.
@Suite("The verifier of the store")
struct InvariantTests {
  /// A store with something of everything in it.
  private func centre() async throws -> TestCentre {
    let centre = try await TestCentre.withBanks()
    let (card, device) = try await centre.cardOnDevice()
    for _ in 0..<3 {
      let claimed = try await centre.claim(try await centre.post(for: card), on: device)
      _ = try await centre.store.verify(
        claimed.id, code: try card.wrongCode(for: claimed), as: .bank())
    }
    let claimed = try await centre.claim(try await centre.post(for: card), on: device)
    _ = try await centre.store.verify(claimed.id, code: try card.code(for: claimed), as: .bank())
    _ = try await centre.post(for: card)
    _ = try await centre.apply()
    try await centre.expectSound()
    return centre
  }

  static let faults: [(sql: String, rule: String)] = [
    ("UPDATE applications SET state = 'withdrawn' WHERE state = 'issued'", "application is issued"),
    ("UPDATE registrations SET state = 'withdrawn'", "registered with its issuer"),
    ("UPDATE registrations SET state = 'withdrawn'", "registered with their institution"),
    (
      "UPDATE cards SET state = 'lost', transaction_key = NULL, access_key = NULL",
      "only active cards are on devices"
    ),
    (
      "UPDATE cards SET state = 'lost', transaction_key = NULL, access_key = NULL",
      "open transactions are of active cards"
    ),
    ("UPDATE devices SET state = 'revoked'", "only active devices have cards"),
    ("UPDATE devices SET state = 'revoked'", "no certificate that is good"),
    ("UPDATE cards SET wrong_codes = 3", "wrong code counted"),
    ("UPDATE transactions SET attempts_left = 3 WHERE state = 'claimed'", "where its record leads"),
    (
      "UPDATE transactions SET state = 'claimed' WHERE state = 'verified'", "where its record leads"
    ),
    (
      "UPDATE transactions SET challenge = x'0101010101010101' WHERE state = 'verified'",
      "challenge is that of its details"
    ),
    ("UPDATE transactions SET attempts_left = 4 WHERE state = 'pending'", "all its attempts"),
    ("UPDATE device_events SET device = 99", "events are of devices"),
    ("UPDATE cards SET customer = 99", "references lead to rows"),
    ("UPDATE cards SET vendor_code = 'K02'", "vendor code is its issuer's"),
    ("UPDATE cards SET vendor_code = 'K02'", "sealed values open"),
    ("UPDATE device_cards SET issuer = '020'", "under their own issuer"),
    ("DELETE FROM transactions WHERE state = 'verified'", "where its record leads"),
  ]

  @Test("A fault planted in the rows is found", arguments: faults)
  func planted(fault: (sql: String, rule: String)) async throws {
    let centre = try await centre()
    try await centre.store.pool.writeWithoutTransaction { database in
      let triggers = try String.fetchAll(
        database, sql: "SELECT name FROM sqlite_master WHERE type = 'trigger'")
      for trigger in triggers { try database.execute(sql: "DROP TRIGGER \(trigger)") }
      try database.execute(sql: "PRAGMA foreign_keys = OFF; \(fault.sql)")
    }
    let violations = try await centre.store.verify()
    #expect(violations.contains { $0.rule.contains(fault.rule) }, "\(violations)")
  }

  /// What the database refuses by itself, whoever writes.
  static let refused = [
    "UPDATE transactions SET state = 'claimed' WHERE state = 'verified'",
    "UPDATE transactions SET state = 'verified' WHERE state = 'pending'",
    "UPDATE transactions SET fields = x'0000'",
    "UPDATE transactions SET challenge_time = challenge_time - 1",
    "UPDATE transactions SET attempts_left = 6",
    "UPDATE cards SET state = 'reserved'",
    "UPDATE cards SET state = 'lost'",
    "UPDATE cards SET wrong_codes = 11",
    "UPDATE cards SET issuer = '999'",
    "UPDATE applications SET state = 'open' WHERE state = 'issued'",
    "UPDATE registration_codes SET used_at = 1 WHERE used_at IS NOT NULL",
    "INSERT INTO device_cards SELECT device, '020', card, added_at FROM device_cards",
    """
    INSERT INTO registrations (id, card, institution, channel, state, created_at)
    SELECT 'reg-0', card, institution, 'online', 'registered', 0 FROM registrations
    """,
    """
    INSERT INTO devices (id, name, state, institution, fingerprint_hash, registered_at,
      certificate_expires_at)
    SELECT 'dev-0', '', 'active', institution, fingerprint_hash, 0, 0 FROM devices
    """,
  ]

  @Test("The database itself refuses what breaks a rule", arguments: refused)
  func refusedByDatabase(sql: String) async throws {
    let centre = try await centre()
    await #expect(throws: DatabaseError.self) {
      try await centre.store.pool.write { try $0.execute(sql: sql) }
    }
    try await centre.expectSound()
  }
}

import Center
import GRDB
import SmartOTP

extension SQLiteStore {
  /// So much is swept in one transaction; the rest waits for the next.
  static let sweepLimit = 500
  static let eventLifetimeSeconds: Int64 = 86_400
  /// More than any backlog between two sweeps; bounds one call.
  private static let sweepRounds = 1000

  public func sweep(at now: UnixTime) async throws(Refusal) {
    for _ in 0..<Self.sweepRounds {
      let expired = try await write { try $0.expireTransactions(at: now, limit: Self.sweepLimit) }
      if expired < Self.sweepLimit { break }
    }
    for table in Sweep.tables(at: now) {
      for _ in 0..<Self.sweepRounds {
        let deleted = try await write { work in
          try work.database.change(
            table.statement, .integer(table.before.seconds), .int(Self.sweepLimit))
        }
        if deleted < Self.sweepLimit { break }
      }
    }
  }
}

/// Rows that nobody asks for any more after a time.
private struct Sweep {
  let statement: String
  let before: UnixTime

  static func tables(at now: UnixTime) -> [Sweep] {
    [
      Sweep(
        statement: """
          DELETE FROM device_events WHERE number IN
            (SELECT number FROM device_events WHERE time < ?1 ORDER BY number LIMIT ?2)
          """, before: now + -SQLiteStore.eventLifetimeSeconds),
      Sweep(
        statement: """
          DELETE FROM idempotency WHERE number IN
            (SELECT number FROM idempotency WHERE created_at < ?1 ORDER BY created_at LIMIT ?2)
          """, before: now + -Idempotency.lifetimeSeconds),
      Sweep(
        statement: """
          DELETE FROM registration_codes WHERE code_hash IN
            (SELECT code_hash FROM registration_codes WHERE expires_at < ?1 LIMIT ?2)
          """, before: now),
      Sweep(
        statement: """
          DELETE FROM online_requests WHERE nonce_hash IN
            (SELECT nonce_hash FROM online_requests WHERE forgotten_at < ?1 LIMIT ?2)
          """, before: now),
    ]
  }
}

extension UnitOfWork {
  /// Marks open transactions of which nothing can come any more. Returns how many.
  fileprivate func expireTransactions(at now: UnixTime, limit: Int) throws -> Int {
    let caller = Caller(.center, at: now)
    let rows = try database.all(
      """
      SELECT number, id, card FROM transactions INDEXED BY transactions_open
      WHERE state IN ('pending', 'claimed') AND expires_at <= ?1
        AND (challenge_time IS NULL OR challenge_time + ?2 <= ?1)
      LIMIT ?3
      """, .integer(now.seconds), .integer(Transaction.codeLifetimeSeconds), .int(limit)
    ) { (number: $0.integer(0), id: try $0.checked(1) as TransactionID, card: $0.integer(2)) }
    for row in rows {
      try database.run(
        "UPDATE transactions SET state = 'expired' WHERE number = ?", .integer(row.number))
      try record("transaction.expired", "transaction:\(row.id)", as: caller)
      try push(.transactionClosed, card: row.card, transaction: row.id, at: now)
    }
    return rows.count
  }
}

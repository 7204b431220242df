import Center
import GRDB
import SmartOTP

extension SQLiteStore: AuditStore {
  public func audit(_ page: PageRequest) async throws(Refusal) -> Page<AuditRecord> {
    try await read { database in
      let rows = try database.all(
        """
        SELECT number, time, actor, action, subject, detail, hash FROM audit
        WHERE number > ? ORDER BY number LIMIT ?
        """, .integer(try page.start(default: 0)), page.rowLimit
      ) { row in
        Numbered(
          number: row.integer(0),
          item: AuditRecord(
            number: row.integer(0), time: row.time(1), actor: row.text(2), action: row.text(3),
            subject: row.text(4), detail: row.text(5), hash: row.blob(6).hexadecimal))
      }
      return Page(rows, page)
    }
  }

  public func note(
    action: String, subject: String, detail: String, as caller: Caller
  ) async throws(Refusal) {
    try await write { try $0.record(action, subject, detail, as: caller) }
  }
}

extension SQLiteStore: Store {
  public func check() async throws(Refusal) {
    _ = try await read { try $0.exists("SELECT 1 FROM audit_head") }
  }
}

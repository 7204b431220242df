import Cryptography
import GRDB
import SmartOTP

extension SQLiteStore {
  /// Walks the whole chain in one snapshot and names the first record that is wrong.
  public func verifyAudit() async throws(StoreError) -> AuditReport {
    let keys = keys
    let secrets = secrets
    return try await inspect { database in
      try AuditChain.report(on: database, head: .read(from: database, under: keys.ring), secrets)
    }
  }
}

enum AuditChain {
  static func report(
    on database: Database, head: AuditHead, _ secrets: StoreSecrets
  ) throws -> AuditReport {
    var last = AuditHead.empty
    var fault: AuditReport?
    try database.each(
      "SELECT number, time, actor, action, subject, detail, hash FROM audit ORDER BY number"
    ) { row in
      guard fault == nil else { return }
      let number = row.integer(0)
      guard number == last.number + 1 else {
        fault = .missing(number: last.number + 1)
        return
      }
      let fields = AuditFields(
        time: row.time(1), actor: row.text(2), action: row.text(3), subject: row.text(4),
        detail: row.text(5))
      let hash = try last.hash(of: fields, key: secrets.audit)
      guard constantTimeEqual(hash, row.blob(6)) else {
        fault = .altered(number: number)
        return
      }
      last = AuditHead(number: number, hash: hash)
    }
    return fault ?? end(at: last, head: head)
  }

  /// The chain is whole as far as it goes: does it go as far as it should?
  private static func end(at last: AuditHead, head: AuditHead) -> AuditReport {
    if last == head { return .intact(records: last.number) }
    if last.number < head.number { return .cutShort(expected: head.number, found: last.number) }
    return .foreign(after: head.number)
  }
}

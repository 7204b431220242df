import GRDB
import SmartOTP

extension SQLiteStore {
  /// So many violations of one rule are named.
  static let violationLimit = 20

  /// Everything in the store that cannot be, read in one snapshot while others may write. Takes
  /// minutes in a large store.
  public func verify() async throws(StoreError) -> [InvariantViolation] {
    let keys = keys
    let secrets = secrets
    return try await inspect { database in
      let inspection = Inspection(database: database, ring: keys.ring, secrets: secrets)
      return try inspection.violations()
    }
  }
}

/// One look at a whole store.
struct Inspection {
  let database: Database
  let ring: KeyRing
  let secrets: StoreSecrets

  func violations() throws -> [InvariantViolation] {
    // Nothing else can be believed of a file that is not whole.
    let damage = try fileViolations()
    guard damage.isEmpty else { return damage }
    var violations = try RowRule.all.flatMap { try rowViolations($0) }
    violations += try sealViolations()
    violations += try challengeViolations()
    let audit = try auditViolations()
    // The histories are those that the record tells, if it can be believed.
    return try violations + (audit.isEmpty ? historyViolations() : audit)
  }

  private func fileViolations() throws -> [InvariantViolation] {
    let integrity = try database.all("PRAGMA integrity_check(20)") { $0.text(0) }
      .filter { $0 != "ok" }
      .map { InvariantViolation(rule: "the file is whole", place: $0) }
    let foreign = try database.all("PRAGMA foreign_key_check") { row in
      InvariantViolation(
        rule: "references lead to rows", place: "\(row.text(0)) \(row.integer(1))")
    }
    return integrity + foreign
  }

  private func rowViolations(_ rule: RowRule) throws -> [InvariantViolation] {
    try database.all("\(rule.query) LIMIT \(SQLiteStore.violationLimit)") {
      InvariantViolation(rule: rule.rule, place: $0.text(0))
    }
  }

  private func auditViolations() throws -> [InvariantViolation] {
    let head = try AuditHead.read(from: database, under: ring)
    let report = try AuditChain.report(on: database, head: head, secrets)
    return report.isIntact
      ? [] : [InvariantViolation(rule: "the audit chain is intact", place: report.description)]
  }
}

import GRDB
import SmartOTP

extension SQLiteStore {
  /// So many violations of one rule are named.
  static let violationLimit = 20

  /// Everything in the store that cannot be: read in one snapshot, while others may write. Blocks the
  /// thread, for minutes in a large store.
  public func verify() throws(StoreError) -> [InvariantViolation] {
    do {
      return try pool.read { database in
        var violations = try Self.fileViolations(in: database)
        for rule in RowRule.all { violations += try rule.violations(in: database) }
        return violations
      }
    } catch {
      throw StoreError(error, path: path)
    }
  }

  private static func fileViolations(in database: Database) throws -> [InvariantViolation] {
    let integrity = try database.all("PRAGMA integrity_check(20)") { $0.text(0) }
      .filter { $0 != "ok" }
      .map { InvariantViolation(rule: "the file is whole", place: $0) }
    let foreign = try database.all("PRAGMA foreign_key_check") { row in
      InvariantViolation(
        rule: "references lead to rows", place: "\(row.text(0)) \(row.integer(1))")
    }
    return integrity + foreign
  }
}

extension RowRule {
  func violations(in database: Database) throws -> [InvariantViolation] {
    try database.all("\(query) LIMIT \(SQLiteStore.violationLimit)") {
      InvariantViolation(rule: rule, place: $0.text(0))
    }
  }
}

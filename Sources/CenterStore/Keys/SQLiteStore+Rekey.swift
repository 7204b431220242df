import Center
import Cryptography
import GRDB
import SmartOTP

extension SQLiteStore {
  static let rekeyBatch: Int64 = 500

  /// Takes a key ring with a new active key: what is written from now on is sealed under it. Every
  /// process that shares the database needs the ring before anything is sealed anew.
  public func use(_ ring: KeyRing) { keys.exchange(for: ring) }

  /// Seals everything anew that is not sealed under the active key, some hundred rows a transaction;
  /// others write meanwhile. Interrupted, it goes on when it is called again. Returns how many values
  /// were sealed anew; afterwards the older keys may go from the key file.
  @discardableResult
  public func rekey(as caller: Caller) async throws(Refusal) -> Int {
    var count = try await write { try $0.rekeySecrets() }
    for column in SealedColumn.all {
      let end = try await read { try $0.lastNumber(of: column.table) }
      var from: Int64 = 0
      while from < end {
        let start = from
        count += try await write { try $0.rekey(column, in: start + 1...start + Self.rekeyBatch) }
        from += Self.rekeyBatch
      }
    }
    let total = count
    if total > 0 {
      try await write { work in
        try work.record(
          "keys.rotated", "key:\(hexadecimal(work.ring.activeID))", "\(total) values", as: caller)
      }
    }
    return count
  }

  /// The ids of the keys under which anything is sealed.
  public func keysInUse() async throws(Refusal) -> [UInt32] {
    try await read { database in
      var ids: Set<UInt32> = []
      for (table, column) in SealedColumn.everywhere {
        let prefixes = try database.all(
          "SELECT DISTINCT substr(\(column), 1, 5) FROM \(table) WHERE \(column) IS NOT NULL"
        ) { KeyRing.keyID(of: $0.blob(0)) }
        ids.formUnion(prefixes.compactMap(\.self))
      }
      return ids.sorted()
    }
  }
}

/// A column of sealed values in a table whose rows have numbers.
struct SealedColumn: Sendable {
  let table: String
  let column: String
  /// The columns that name the row.
  let names: String
  let place: @Sendable (Columns) throws -> String

  static let all = [
    SealedColumn(table: "cards", column: "transaction_key", names: "vendor_code, serial") {
      CardKeyPlace.transaction(try $0.card(2))
    },
    SealedColumn(table: "cards", column: "access_key", names: "vendor_code, serial") {
      CardKeyPlace.access(try $0.card(2))
    },
    SealedColumn(table: "tokens", column: "key", names: "id") {
      TokenKeyPlace.key(try $0.checked(2))
    },
    SealedColumn(table: "idempotency", column: "sealed_response", names: "actor, key") {
      KeptAnswer.place(actor: $0.text(2), key: $0.text(3))
    },
  ]

  static var everywhere: [(table: String, column: String)] {
    all.map { ($0.table, $0.column) } + [("secrets", "sealed"), ("audit_head", "sealed")]
  }
}

extension UnitOfWork {
  /// The store's own keys and the end of the audit chain.
  fileprivate func rekeySecrets() throws -> Int {
    let old = try database.all(
      "SELECT name, sealed FROM secrets WHERE substr(sealed, 1, 4) <> ?", .blob(ring.activePrefix)
    ) { (name: $0.text(0), sealed: $0.blob(1)) }
    for (name, sealed) in old {
      let place = StoreSecrets.place(name)
      try database.run(
        "UPDATE secrets SET sealed = ? WHERE name = ?",
        .blob(try ring.seal(try ring.open(sealed, from: place), for: place)), .text(name))
    }
    try auditHead.write(to: database, under: ring)
    return old.count
  }

  fileprivate func rekey(_ column: SealedColumn, in numbers: ClosedRange<Int64>) throws -> Int {
    let old = try database.all(
      """
      SELECT number, \(column.column), \(column.names) FROM \(column.table)
      WHERE number BETWEEN ? AND ? AND substr(\(column.column), 1, 4) <> ?
      """, .integer(numbers.lowerBound), .integer(numbers.upperBound), .blob(ring.activePrefix)
    ) { (number: $0.integer(0), sealed: $0.blob(1), place: try column.place($0)) }
    for (number, sealed, place) in old {
      try database.run(
        "UPDATE \(column.table) SET \(column.column) = ? WHERE number = ?",
        .blob(try ring.seal(try ring.open(sealed, from: place), for: place)), .integer(number))
    }
    return old.count
  }
}

extension Database {
  fileprivate func lastNumber(of table: String) throws -> Int64 {
    try first("SELECT max(number) FROM \(table)") { $0.integer(0) } ?? 0
  }
}

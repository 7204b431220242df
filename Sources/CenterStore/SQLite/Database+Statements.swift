import GRDB
import GRDBSQLite

/// Statements on GRDB's cache of prepared ones, bound and stepped without its value types.
extension Database {
  /// Runs a statement that returns no rows.
  func run(_ sql: String, _ values: SQLValue...) throws {
    try withStatement(sql, values) { statement in
      while try step(statement) {}
    }
  }

  /// Runs a statement and says how many rows it changed.
  func change(_ sql: String, _ values: SQLValue...) throws -> Int {
    try withStatement(sql, values) { statement in
      while try step(statement) {}
      return Int(sqlite3_changes(sqliteConnection))
    }
  }

  func first<Value>(
    _ sql: String, _ values: SQLValue..., read: (Columns) throws -> Value
  ) throws -> Value? {
    try withStatement(sql, values) { statement in
      try step(statement) ? try read(Columns(statement: statement)) : nil
    }
  }

  func all<Value>(
    _ sql: String, _ values: SQLValue..., read: (Columns) throws -> Value
  ) throws -> [Value] {
    try withStatement(sql, values) { statement in
      var rows: [Value] = []
      while try step(statement) { rows.append(try read(Columns(statement: statement))) }
      return rows
    }
  }

  /// Visits rows without keeping them.
  func each(_ sql: String, _ values: SQLValue..., visit: (Columns) throws -> Void) throws {
    try withStatement(sql, values) { statement in
      while try step(statement) { try visit(Columns(statement: statement)) }
    }
  }

  func exists(_ sql: String, _ values: SQLValue...) throws -> Bool {
    try withStatement(sql, values) { try step($0) }
  }

  private func withStatement<Result>(
    _ sql: String, _ values: [SQLValue], _ body: (OpaquePointer) throws -> Result
  ) throws -> Result {
    let statement = try cachedStatement(sql: sql).sqliteStatement
    defer {
      sqlite3_reset(statement)
      sqlite3_clear_bindings(statement)
    }
    for (index, value) in values.enumerated() {
      try bind(value, at: Int32(index + 1), of: statement)
    }
    return try body(statement)
  }

  /// Whether there is a row.
  private func step(_ statement: OpaquePointer) throws -> Bool {
    switch sqlite3_step(statement) {
    case SQLITE_ROW: true
    case SQLITE_DONE: false
    case let code: throw databaseError(code)
    }
  }

  private func bind(
    _ value: SQLValue, at index: Int32, of statement: OpaquePointer
  ) throws {
    let code =
      switch value {
      case .null: sqlite3_bind_null(statement, index)
      case .integer(let integer): sqlite3_bind_int64(statement, index, integer)
      case .text(let text): bind(text: text, at: index, of: statement)
      case .blob(let bytes):
        sqlite3_bind_blob(statement, index, bytes, Int32(bytes.count), copied)
      }
    guard code == SQLITE_OK else { throw databaseError(code) }
  }

  private func bind(text: String, at index: Int32, of statement: OpaquePointer) -> Int32 {
    var text = text
    return text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) {
        // A null pointer would bind NULL in place of an empty text.
        sqlite3_bind_text(statement, index, $0.baseAddress ?? emptyText, Int32($0.count), copied)
      }
    }
  }

  private func databaseError(_ code: Int32) -> DatabaseError {
    DatabaseError(
      resultCode: ResultCode(rawValue: code),
      message: String(cString: sqlite3_errmsg(sqliteConnection)))
  }
}

private let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
nonisolated(unsafe) private let emptyText: UnsafePointer<CChar> = {
  let text = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
  text.initialize(to: 0)
  return UnsafePointer(text)
}()

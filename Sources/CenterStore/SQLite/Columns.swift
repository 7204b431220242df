import Center
import GRDBSQLite
import SmartOTP

/// The row on which a statement stands. Not to be kept past the next step.
struct Columns {
  let statement: OpaquePointer

  func isNull(_ index: Int) -> Bool {
    sqlite3_column_type(statement, Int32(index)) == SQLITE_NULL
  }

  func integer(_ index: Int) -> Int64 { sqlite3_column_int64(statement, Int32(index)) }
  func int(_ index: Int) -> Int { Int(truncatingIfNeeded: integer(index)) }
  func flag(_ index: Int) -> Bool { integer(index) != 0 }
  func time(_ index: Int) -> UnixTime { UnixTime(integer(index)) }

  func text(_ index: Int) -> String {
    guard let start = sqlite3_column_text(statement, Int32(index)) else { return "" }
    let count = Int(sqlite3_column_bytes(statement, Int32(index)))
    return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }

  func blob(_ index: Int) -> [UInt8] {
    guard let start = sqlite3_column_blob(statement, Int32(index)) else { return [] }
    let count = Int(sqlite3_column_bytes(statement, Int32(index)))
    return Array(UnsafeRawBufferPointer(start: start, count: count))
  }

  func optional<Value>(_ index: Int, _ read: (Int) throws -> Value) rethrows -> Value? {
    isNull(index) ? nil : try read(index)
  }

  /// Text that this store wrote from a checked value. Anything else there is damage.
  func checked<Text: CheckedText>(_ index: Int) throws -> Text {
    let text = text(index)
    guard Text.accepts(text) else { throw DamagedRow(column: index, rule: Text.rule) }
    return Text(accepted: text)
  }

  func word<Word: RawRepresentable>(_ index: Int) throws -> Word where Word.RawValue == String {
    guard let word = Word(rawValue: text(index)) else {
      throw DamagedRow(column: index, rule: "one of the words of \(Word.self)")
    }
    return word
  }

  /// A card's identity in two columns.
  func card(_ index: Int) throws -> CardIdentity {
    CardIdentity(vendorCode: try checked(index), serial: try checked(index + 1))
  }
}

/// A row that this store cannot have written.
struct DamagedRow: Error, CustomStringConvertible {
  let column: Int
  let rule: String

  var description: String { "the database is damaged: column \(column) of a row is not \(rule)" }
}

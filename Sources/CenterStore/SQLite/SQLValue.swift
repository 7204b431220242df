/// A value to bind. Four cases and no protocol: binding is on the path of every code.
enum SQLValue {
  case null
  case integer(Int64)
  case text(String)
  case blob([UInt8])

  static func int(_ value: Int) -> Self { .integer(Int64(value)) }
  static func flag(_ value: Bool) -> Self { .integer(value ? 1 : 0) }
  static func text(_ value: String?) -> Self { value.map { .text($0) } ?? .null }
  static func integer(_ value: Int64?) -> Self { value.map { .integer($0) } ?? .null }
  static func blob(_ value: [UInt8]?) -> Self { value.map { .blob($0) } ?? .null }
}

/// The tags of the OATH protocol.
enum OATHTag {
  static let name: UInt8 = 0x71
  static let nameList: UInt8 = 0x72
  static let key: UInt8 = 0x73
  static let challenge: UInt8 = 0x74
  static let response: UInt8 = 0x75
  static let truncated: UInt8 = 0x76
  static let hotp: UInt8 = 0x77
  static let property: UInt8 = 0x78
  static let version: UInt8 = 0x79
  static let movingFactor: UInt8 = 0x7A
  static let algorithm: UInt8 = 0x7B
  static let touch: UInt8 = 0x7C
}

/// A command's fields in their order, taken one by one.
struct OATHFields {
  private var rest: ArraySlice<UInt8>

  init(_ data: [UInt8]) { rest = data[...] }

  var isEmpty: Bool { rest.isEmpty }

  /// The next field's value if it has this tag; lengths of one, two and three bytes.
  mutating func take(_ tag: UInt8) -> [UInt8]? {
    var reader = rest
    guard reader.popFirst() == tag, let first = reader.popFirst() else { return nil }
    var length = Int(first)
    if first & 0x80 != 0 {
      guard (0x81...0x82).contains(first), reader.count >= Int(first & 3) else { return nil }
      length = reader.prefix(Int(first & 3)).reduce(0) { $0 << 8 | Int($1) }
      reader = reader.dropFirst(Int(first & 3))
    }
    guard length <= reader.count else { return nil }
    let value = Array(reader.prefix(length))
    rest = reader.dropFirst(length)
    return value
  }

  /// The property is a tag and a byte, without a length.
  mutating func takeProperty() -> UInt8? {
    guard rest.first == OATHTag.property, rest.count >= 2 else { return nil }
    defer { rest = rest.dropFirst(2) }
    return rest[rest.startIndex + 1]
  }

  static func encode(_ tag: UInt8, _ value: [UInt8]) -> [UInt8] {
    value.count < 0x80
      ? [tag, UInt8(value.count)] + value
      : [tag, 0x81, UInt8(truncatingIfNeeded: value.count)] + value
  }
}

import SmartCard

extension DataFields {
  /// Data objects of the OATH application (YKOATH), up to the first that is not whole.
  ///
  /// - Parameter toSelection: whether they answer a SELECT, where the name is the card's id.
  init(oath data: MaskedBytes, toSelection: Bool = false) {
    var reader = TLVReader(data.bytes)
    while !reader.isAtEnd, fields.count < Self.maximumCount {
      let start = reader.position
      guard !data[start..<start + 1].hidesAny, let tag = try? reader.tag(), tag.rawValue <= 0xFF,
        let value = Self.oathValue(UInt8(tag.rawValue), &reader)
      else {
        rest = data[start..<data.count]
        return
      }
      let shown = data[reader.position - value.count..<reader.position]
      let number = UInt8(tag.rawValue)
      let isID = toSelection && number == OATHTag.name
      fields.append(
        DataField(
          tag, name: isID ? "card id" : OATHTag.name(of: number), value: shown,
          meaning: isID ? nil : OATHTag.meaning(of: value, tag: number)))
    }
    rest = data[reader.position..<data.count]
  }

  /// The value behind a tag. Nil, the tag taken, when it is not whole or the tag is not of OATH.
  private static func oathValue(_ tag: UInt8, _ reader: inout TLVReader) -> [UInt8]? {
    guard OATHTag.all.contains(tag) else { return nil }
    return tag == OATHTag.property ? try? reader.bytes(1) : try? reader.value()
  }
}

extension OATHTag {
  static let key: UInt8 = 0x73
  static let response: UInt8 = 0x75
  static let truncatedResponse: UInt8 = 0x76

  static func name(of tag: UInt8) -> String? {
    switch tag {
    case name: "name"
    case nameList: "credential"
    case key: "key"
    case challenge: "challenge"
    case response: "response"
    case truncatedResponse: "truncated response"
    case hotp: "counter-based, no code made"
    case property: "property"
    case version: "version"
    case movingFactor: "initial moving factor"
    case algorithm: "algorithm"
    case touch: "wants a touch, no code made"
    default: nil
    }
  }

  static func meaning(of value: [UInt8], tag: UInt8) -> String? {
    switch tag {
    case name: ShownText.quoted(value)
    case nameList: listed(value)
    case property: value.first.map(propertyText)
    case version: value.map { String($0) }.joined(separator: ".")
    case movingFactor where value.count <= 8:
      String(value.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    case algorithm: value.first.flatMap(hash)
    case key where value.count >= 2:
      "\(kind(value[0])), \(value[1]) digits"
    default: nil
    }
  }

  /// Type and algorithm in one byte, then the name.
  private static func listed(_ value: [UInt8]) -> String? {
    guard let first = value.first else { return nil }
    let name = Array(value.dropFirst())
    if name.isEmpty { return kind(first) }
    return "\(ShownText.quoted(name) ?? MaskedBytes.shown(name).description), \(kind(first))"
  }

  private static func kind(_ byte: UInt8) -> String {
    let type =
      switch byte >> 4 {
      case 1: "HOTP"
      case 2: "TOTP"
      default: "type \(byte >> 4)"
      }
    return "\(type), \(hash(byte) ?? "hash \(byte & 0x0F)")"
  }

  private static func hash(_ byte: UInt8) -> String? {
    switch byte & 0x0F {
    case 1: "SHA-1"
    case 2: "SHA-256"
    case 3: "SHA-512"
    default: nil
    }
  }

  private static func propertyText(_ byte: UInt8) -> String {
    var words: [String] = []
    if byte & 0x01 != 0 { words.append("only increasing challenges") }
    if byte & 0x02 != 0 { words.append("wants a touch") }
    return words.isEmpty ? "none" : words.joined(separator: ", ")
  }
}

/// Writes the few ASN.1 types that certificate extensions are made of, in DER (X.690).
enum DER {
  static func sequence(_ parts: [[UInt8]]) -> [UInt8] { element(0x30, parts.flatMap { $0 }) }
  static func octetString(_ content: [UInt8]) -> [UInt8] { element(0x04, content) }
  /// A primitive element with a context-specific tag below 31.
  static func context(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] { element(0x80 | tag, content) }
  static let `true`: [UInt8] = [0x01, 0x01, 0xFF]

  static func integer(_ value: UInt64) -> [UInt8] { element(0x02, magnitude(value)) }
  static func enumerated(_ value: UInt8) -> [UInt8] { element(0x0A, magnitude(UInt64(value))) }

  /// The content of an OBJECT IDENTIFIER, already encoded.
  static func objectIdentifier(_ content: [UInt8]) -> [UInt8] { element(0x06, content) }

  /// A BIT STRING of named bits, bit 0 the highest of the first octet, without trailing zero bits
  /// (X.690, 11.2.2).
  static func namedBits(_ octets: [UInt8]) -> [UInt8] {
    var octets = octets
    while octets.last == 0 { octets.removeLast() }
    let unused = octets.last.map { UInt8($0.trailingZeroBitCount) } ?? 0
    return element(0x03, [unused] + octets)
  }

  static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    [tag] + length(content.count) + content
  }

  private static func length(_ count: Int) -> [UInt8] {
    if count < 0x80 { return [UInt8(count)] }
    let octets = bigEndian(UInt64(count))
    return [0x80 | UInt8(octets.count)] + octets
  }

  /// Two's complement of a value that is not negative: a leading zero where the top bit is set.
  private static func magnitude(_ value: UInt64) -> [UInt8] {
    let octets = bigEndian(value)
    guard let first = octets.first else { return [0] }
    return first < 0x80 ? octets : [0] + octets
  }

  private static func bigEndian(_ value: UInt64) -> [UInt8] {
    let octets = stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> $0) }
    return Array(octets.drop { $0 == 0 })
  }
}

import SmartOTP

/// The values of a path's segments in braces.
struct PathParameters: Sendable {
  private var values: [(name: String, value: String)] = []

  mutating func append(_ name: String, _ value: String) { values.append((name, value)) }

  subscript(name: String) -> String {
    values.first { $0.name == name }?.value ?? ""
  }

  /// The value of `{id}` or another name, as what it names.
  ///
  /// - Throws: `refusal`, also for text that cannot name anything: there is nothing of that name.
  func value<Name: CheckedText>(
    _ name: String, or refusal: RefusalCode
  ) throws(Refusal) -> Name {
    guard let value = try? Name(self[name]) else { throw Refusal(refusal) }
    return value
  }

  /// The card of `{vendor}/{serial}`.
  func card() throws(Refusal) -> CardIdentity {
    CardIdentity(
      vendorCode: try value("vendor", or: .cardUnknown),
      serial: try value("serial", or: .cardUnknown))
  }
}

/// Percent-encoding of a path segment or a query's value (RFC 3986, 2.1).
enum PercentEncoding {
  /// Nil for a broken escape or bytes that are no UTF-8.
  static func decode(_ text: Substring, plusIsSpace: Bool = false) -> String? {
    guard text.utf8.contains(where: { $0 == 0x25 || $0 == 0x2B }) else { return String(text) }
    var bytes: [UInt8] = []
    var rest = text.utf8.makeIterator()
    while let byte = rest.next() {
      switch byte {
      case 0x25:
        guard let high = rest.next(), let low = rest.next(),
          let decoded = [UInt8](hexadecimal: String(decoding: [high, low], as: UTF8.self))
        else { return nil }
        bytes += decoded
      case 0x2B where plusIsSpace: bytes.append(0x20)
      default: bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }
}

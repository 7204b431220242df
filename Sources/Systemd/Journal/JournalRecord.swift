/// A record in journald's native protocol: fields one after another, `NAME=value` and a line feed,
/// or, where the value has a line feed itself, `NAME`, a line feed, the value's size in eight bytes,
/// least first, the value, and a line feed (systemd's JOURNAL_NATIVE_PROTOCOL).
///
/// Bounded: what does not fit is cut or left out, so that a record always fits into a datagram.
struct JournalRecord {
  static let maximumByteCount = 49_152
  static let maximumValueByteCount = 8192
  private static let maximumNameByteCount = 64

  private(set) var bytes: [UInt8] = []

  /// Adds a field. `name` is a name of journald's: capitals, digits, underscores.
  mutating func add(_ name: String, _ value: some StringProtocol) {
    let value = Self.bounded(value)
    guard bytes.count + name.utf8.count + value.count + 16 <= Self.maximumByteCount else { return }
    bytes += name.utf8
    if value.contains(UInt8(ascii: "\n")) {
      bytes.append(UInt8(ascii: "\n"))
      withUnsafeBytes(of: UInt64(value.count).littleEndian) { bytes += $0 }
    } else {
      bytes.append(UInt8(ascii: "="))
    }
    bytes += value
    bytes.append(UInt8(ascii: "\n"))
  }

  /// `prefix` and the key, made a name of journald's: `card-id` becomes `SMARTOTP_CARD_ID`.
  static func name(_ key: some StringProtocol, prefix: String) -> String {
    var name = Array(prefix.utf8)
    for byte in key.utf8 where name.count < maximumNameByteCount {
      switch byte {
      case 0x61...0x7A: name.append(byte - 0x20)
      case 0x41...0x5A, 0x30...0x39: name.append(byte)
      default: name.append(UInt8(ascii: "_"))
      }
    }
    return String(decoding: name, as: UTF8.self)
  }

  /// At most `maximumValueByteCount`, cut between characters.
  private static func bounded(_ value: some StringProtocol) -> [UInt8] {
    var bytes = Array(value.utf8.prefix(maximumValueByteCount + 1))
    guard bytes.count > maximumValueByteCount else { return bytes }
    bytes.removeLast()
    // Back to the beginning of the last character, which may be cut.
    while let last = bytes.last, last & 0xC0 == 0x80 { bytes.removeLast() }
    if let last = bytes.last, last >= 0xC0 { bytes.removeLast() }
    return bytes
  }
}

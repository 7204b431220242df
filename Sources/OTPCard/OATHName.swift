/// A credential's name on the card: 1 to 64 bytes, by custom UTF-8 `[period/][issuer:]account`.
public struct OATHName: Hashable, Sendable {
  public let bytes: [UInt8]

  public static let maximumByteCount = 64
  /// The period of a TOTP name that states none.
  public static let defaultPeriod: UInt32 = 30

  /// Nil unless 1 to 64 bytes.
  public init?(_ bytes: [UInt8]) {
    guard (1...Self.maximumByteCount).contains(bytes.count) else { return nil }
    self.bytes = bytes
  }

  /// Nil unless 1 to 64 bytes of UTF-8.
  public init?(_ text: String) { self.init(Array(text.utf8)) }

  /// A name from its parts. Nil when it would be empty or too long, or the period is 0.
  ///
  /// - Parameter period: seconds; written only where it is not 30.
  public init?(issuer: String?, account: String, period: UInt32 = defaultPeriod) {
    guard period > 0, !account.isEmpty else { return nil }
    let prefix = period == Self.defaultPeriod ? "" : "\(period)/"
    self.init(prefix + (issuer.map { $0 + ":" } ?? "") + account)
  }

  /// The name as text; bytes that are not UTF-8 are replaced.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The TOTP period in seconds: the number before a first `/`, or 30. Of a HOTP name it means
  /// nothing.
  public var period: UInt32 { periodPrefix?.period ?? Self.defaultPeriod }

  /// The name without its period: what people call it.
  public var label: String {
    String(decoding: bytes[(periodPrefix?.end ?? 0)...], as: UTF8.self)
  }

  /// What stands before the first `:` of the label.
  public var issuer: String? {
    let parts = label.utf8.split(separator: 0x3A, maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
    return String(parts[0])
  }

  /// 1 to 9 digits, not all zeros, then `/`, then something.
  private var periodPrefix: (period: UInt32, end: Int)? {
    guard let slash = bytes.prefix(10).firstIndex(of: 0x2F), slash > 0, slash + 1 < bytes.count
    else { return nil }
    var period: UInt32 = 0
    for character in bytes[..<slash] {
      guard (0x30...0x39).contains(character) else { return nil }
      period = period * 10 + UInt32(character - 0x30)
    }
    return period > 0 ? (period, slash + 1) : nil
  }
}

extension OATHName: CustomStringConvertible {
  public var description: String { text }
}

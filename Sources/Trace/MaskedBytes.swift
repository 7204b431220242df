/// Bytes of which some may not be shown. What is hidden is not kept: `2A` stands in its place.
public struct MaskedBytes: Equatable, Sendable {
  public private(set) var bytes: [UInt8]
  /// One for each byte.
  private(set) var isHidden: [Bool]

  private init(bytes: [UInt8], isHidden: [Bool]) {
    self.bytes = bytes
    self.isHidden = isHidden
  }

  static func shown(_ bytes: some Collection<UInt8>) -> MaskedBytes {
    MaskedBytes(bytes: Array(bytes), isHidden: [Bool](repeating: false, count: bytes.count))
  }

  static func hidden(_ count: Int) -> MaskedBytes {
    MaskedBytes(
      bytes: [UInt8](repeating: Masking.fill, count: count),
      isHidden: [Bool](repeating: true, count: count))
  }

  /// Nil for each hidden byte.
  init(_ bytes: [UInt8?]) {
    self.init(bytes: bytes.map { $0 ?? Masking.fill }, isHidden: bytes.map { $0 == nil })
  }

  public var count: Int { bytes.count }
  public var isEmpty: Bool { bytes.isEmpty }
  /// Whether any byte is hidden.
  public var hidesAny: Bool { isHidden.contains(true) }
  /// Whether all of at least one byte are hidden.
  public var hidesAll: Bool { !isEmpty && !isHidden.contains(false) }

  /// A part; what of the range lies outside is left out.
  subscript(_ range: Range<Int>) -> MaskedBytes {
    let range = range.clamped(to: 0..<count)
    return MaskedBytes(bytes: Array(bytes[range]), isHidden: Array(isHidden[range]))
  }

  static func + (first: MaskedBytes, second: MaskedBytes) -> MaskedBytes {
    MaskedBytes(bytes: first.bytes + second.bytes, isHidden: first.isHidden + second.isHidden)
  }

  /// The same with the original's bytes shown, but for runs that are nothing but the filling: those
  /// were masked before, when the trace was written.
  func revealed(as original: [UInt8]) -> MaskedBytes {
    guard original.count == count else { return .shown(original) }
    var result = MaskedBytes.shown(original)
    var start = 0
    while start < count {
      guard isHidden[start] else {
        start += 1
        continue
      }
      let end = isHidden[start...].firstIndex(of: false) ?? count
      let isFilling = original[start..<end].allSatisfy { $0 == Masking.fill }
      if isFilling { for index in start..<end { result.isHidden[index] = true } }
      start = end
    }
    return result
  }
}

extension MaskedBytes: CustomStringConvertible {
  /// Two hexadecimal digits a byte, `**` for a hidden one.
  public var description: String { text(atMost: .max) }

  /// The same of the first bytes, with an ellipsis where there are more.
  public func text(atMost limit: Int) -> String {
    var digits: [UInt8] = []
    for (byte, isHidden) in zip(bytes, isHidden).prefix(limit) {
      digits += isHidden ? [0x2A, 0x2A] : [Self.digit(byte >> 4), Self.digit(byte & 0xF)]
    }
    return String(decoding: digits, as: UTF8.self) + (count > limit ? "…" : "")
  }

  private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x37 + value }
}

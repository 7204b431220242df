/// Writes BER-TLV data objects with the shortest length fields.
public struct TLVWriter: Sendable {
  public private(set) var bytes: [UInt8] = []

  public init() {}

  /// A whole data object. The value is at most 4 GiB, the tag one a card may use.
  public mutating func append(_ tag: TLV.Tag, _ value: [UInt8]) {
    append(tag)
    appendLength(value.count)
    bytes += value
  }

  public mutating func append(_ object: TLV) { append(object.tag, object.value) }

  /// A tag alone, for formats that leave out the length.
  public mutating func append(_ tag: TLV.Tag) {
    appendBigEndian(tag.rawValue)
  }

  /// Bytes as they are.
  public mutating func append(raw: [UInt8]) { bytes += raw }

  private mutating func appendLength(_ count: Int) {
    let length = UInt32(truncatingIfNeeded: count)
    if length >= 0x80 {
      bytes.append(0x80 | UInt8(truncatingIfNeeded: (39 - length.leadingZeroBitCount) / 8))
    }
    appendBigEndian(length)
  }

  /// The value without leading zero bytes; zero is one byte.
  private mutating func appendBigEndian(_ value: UInt32) {
    var shift = max(0, (31 - value.leadingZeroBitCount) / 8 * 8)
    while shift >= 0 {
      bytes.append(UInt8(truncatingIfNeeded: value >> UInt32(shift)))
      shift -= 8
    }
  }
}

extension TLV {
  /// The bytes of this data object.
  public func encoded() -> [UInt8] {
    var writer = TLVWriter()
    writer.append(self)
    return writer.bytes
  }
}

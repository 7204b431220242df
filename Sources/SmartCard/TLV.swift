/// A BER-TLV data object (ISO/IEC 7816-4, 5.2.2).
public struct TLV: Hashable, Sendable {
  public var tag: Tag
  public var value: [UInt8]

  public init(_ tag: Tag, _ value: [UInt8] = []) {
    self.tag = tag
    self.value = value
  }

  /// A tag of one to three bytes, as written: `0x71`, `0x5F2D`, `0x7F8201`.
  public struct Tag: RawRepresentable, Hashable, Sendable, ExpressibleByIntegerLiteral {
    public var rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }
    public init(integerLiteral value: UInt32) { rawValue = value }

    /// Bit 6 of the first byte: the value is itself data objects.
    public var isConstructed: Bool { firstByte & 0x20 != 0 }

    var firstByte: UInt8 {
      if rawValue > 0xFFFF { return UInt8(truncatingIfNeeded: rawValue >> 16) }
      if rawValue > 0xFF { return UInt8(truncatingIfNeeded: rawValue >> 8) }
      return UInt8(truncatingIfNeeded: rawValue)
    }
  }

  /// The data objects in `bytes`, one level deep.
  ///
  /// - Throws: `tooManyObjects` above `maximumCount`, or what is wrong with the first bad object.
  public static func sequence(
    _ bytes: [UInt8], maximumCount: Int = 256
  ) throws(TLVError) -> [TLV] {
    var reader = TLVReader(bytes)
    var objects: [TLV] = []
    while !reader.isAtEnd {
      guard objects.count < maximumCount else { throw .tooManyObjects(limit: maximumCount) }
      objects.append(try reader.object())
    }
    return objects
  }

  /// The data objects inside this one. Nesting is followed a call at a time, never by recursion,
  /// so what a card nests costs nothing.
  public func children(maximumCount: Int = 256) throws(TLVError) -> [TLV] {
    try TLV.sequence(value, maximumCount: maximumCount)
  }
}

/// A cursor over bytes that holds BER-TLV data objects, and whatever else stands between them.
///
/// Nothing is read past the end: every call returns what it read or throws `TLVError` and leaves
/// the cursor where it was.
public struct TLVReader: Sendable {
  private let bytes: [UInt8]
  public private(set) var position: Int
  private let end: Int

  public init(_ bytes: [UInt8]) {
    self.bytes = bytes
    position = 0
    end = bytes.count
  }

  public var isAtEnd: Bool { position == end }

  /// Bytes not yet read.
  public var remaining: Int { end - position }

  /// The next byte, left in place; nil at the end.
  public func peek() -> UInt8? { isAtEnd ? nil : bytes[position] }

  /// The next byte.
  public mutating func byte() throws(TLVError) -> UInt8 {
    guard position < end else { throw .truncated }
    defer { position += 1 }
    return bytes[position]
  }

  /// The next `count` bytes.
  public mutating func bytes(_ count: Int) throws(TLVError) -> [UInt8] {
    guard count >= 0, count <= remaining else { throw .truncated }
    defer { position += count }
    return Array(bytes[position..<position + count])
  }

  /// A tag of one to three bytes (ISO/IEC 7816-4, 5.2.2.1).
  public mutating func tag() throws(TLVError) -> TLV.Tag {
    try restoringOnError { (reader) throws(TLVError) in try reader.readTag() }
  }

  /// A definite length of one to five bytes (5.2.2.2). It may exceed what is left.
  public mutating func length() throws(TLVError) -> UInt32 {
    try restoringOnError { (reader) throws(TLVError) in try reader.readLength() }
  }

  /// A length and that many bytes: what follows a tag.
  public mutating func value() throws(TLVError) -> [UInt8] {
    try restoringOnError { (reader) throws(TLVError) in try reader.readValue() }
  }

  /// A whole data object.
  public mutating func object() throws(TLVError) -> TLV {
    try restoringOnError { (reader) throws(TLVError) in
      let tag = try reader.readTag()
      return TLV(tag, try reader.readValue())
    }
  }

  /// The value of a data object that must have this tag.
  public mutating func value(of expected: TLV.Tag) throws(TLVError) -> [UInt8] {
    try restoringOnError { (reader) throws(TLVError) in
      let found = try reader.readTag()
      guard found == expected else { throw .unexpectedTag(expected: expected, found: found) }
      return try reader.readValue()
    }
  }

  private mutating func restoringOnError<Value>(
    _ read: (inout TLVReader) throws(TLVError) -> Value
  ) throws(TLVError) -> Value {
    let start = position
    do {
      return try read(&self)
    } catch {
      position = start
      throw error
    }
  }

  private mutating func readTag() throws(TLVError) -> TLV.Tag {
    let first = try byte()
    guard first != 0 else { throw .invalidTag }
    guard first & 0x1F == 0x1F else { return TLV.Tag(rawValue: UInt32(first)) }
    let second = try byte()
    if second & 0x80 == 0 {
      // Numbers below 31 belong in a one-byte tag.
      guard second >= 0x1F else { throw .invalidTag }
      return TLV.Tag(rawValue: UInt32(first) << 8 | UInt32(second))
    }
    guard second != 0x80 else { throw .invalidTag }
    let third = try byte()
    guard third & 0x80 == 0 else { throw .invalidTag }
    return TLV.Tag(rawValue: UInt32(first) << 16 | UInt32(second) << 8 | UInt32(third))
  }

  private mutating func readLength() throws(TLVError) -> UInt32 {
    let first = try byte()
    guard first >= 0x80 else { return UInt32(first) }
    guard first != 0x80 else { throw .indefiniteLength }
    guard first <= 0x84 else { throw .invalidLength }
    var length: UInt32 = 0
    for _ in 0..<(first & 0x7F) { length = length << 8 | UInt32(try byte()) }
    return length
  }

  private mutating func readValue() throws(TLVError) -> [UInt8] {
    guard let count = Int(exactly: try readLength()) else { throw .truncated }
    return try bytes(count)
  }
}

/// Appends numbers and bounded byte strings, big endian.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  /// - Parameter headroom: zero bytes to begin with, for a header known later.
  init(headroom: Int = 0) {
    bytes.reserveCapacity(96)
    for _ in 0..<headroom { bytes.append(0) }
  }

  /// Writes the count of the bytes after the headroom of four into it.
  mutating func closeFrame() {
    var length = UInt32(truncatingIfNeeded: bytes.count - 4)
    for index in (0..<4).reversed() {
      bytes[index] = UInt8(truncatingIfNeeded: length)
      length >>= 8
    }
  }

  mutating func u8(_ value: UInt8) { bytes.append(value) }

  mutating func u32(_ value: UInt32) {
    bytes.append(UInt8(truncatingIfNeeded: value >> 24))
    bytes.append(UInt8(truncatingIfNeeded: value >> 16))
    bytes.append(UInt8(truncatingIfNeeded: value >> 8))
    bytes.append(UInt8(truncatingIfNeeded: value))
  }

  mutating func u64(_ value: UInt64) {
    u32(UInt32(truncatingIfNeeded: value >> 32))
    u32(UInt32(truncatingIfNeeded: value))
  }

  /// A length in four bytes, then the bytes.
  mutating func block(_ value: [UInt8]) {
    u32(UInt32(truncatingIfNeeded: value.count))
    bytes += value
  }

  mutating func text(_ value: String) { block(Array(value.utf8)) }
}

/// Reads what `ByteWriter` wrote. Never reads past the end: a short buffer is `.truncated`.
struct ByteReader {
  private let bytes: ArraySlice<UInt8>
  private var position: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  private var available: Int { bytes.endIndex - position }

  mutating func u8() throws(WireError) -> UInt8 {
    guard available >= 1 else { throw .truncated }
    defer { position += 1 }
    return bytes[position]
  }

  mutating func u32() throws(WireError) -> UInt32 {
    guard available >= 4 else { throw .truncated }
    defer { position += 4 }
    return UInt32(bytes[position]) << 24 | UInt32(bytes[position + 1]) << 16
      | UInt32(bytes[position + 2]) << 8 | UInt32(bytes[position + 3])
  }

  mutating func u64() throws(WireError) -> UInt64 {
    let high = try u32()
    return try UInt64(high) << 32 | UInt64(u32())
  }

  mutating func block() throws(WireError) -> [UInt8] {
    let length = try u32()
    guard length <= UInt32(available) else { throw .truncated }
    defer { position += Int(length) }
    return Array(bytes[position..<position + Int(length)])
  }

  /// Text that is not UTF-8 is repaired, since it is only ever shown.
  mutating func text() throws(WireError) -> String {
    String(decoding: try block(), as: UTF8.self)
  }

  func end() throws(WireError) {
    guard available == 0 else { throw .trailingBytes(available) }
  }
}

/// Bytes on the pipe that are no frame of ours. The other side is then not to be trusted any more.
public enum WireError: Error, Equatable, Sendable {
  case truncated
  case trailingBytes(Int)
  case unknownKind(UInt8)
  case tooLong(Int)
}

/// Walks over a block's bytes. Each step gives nil where too few are left.
struct PcapngCursor {
  private var rest: ArraySlice<UInt8>
  var isBigEndian: Bool

  init(_ bytes: ArraySlice<UInt8>, isBigEndian: Bool) {
    rest = bytes
    self.isBigEndian = isBigEndian
  }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func uint16() -> UInt16? {
    bytes(2).map { UInt16(truncatingIfNeeded: number($0)) }
  }

  mutating func uint32() -> UInt32? {
    bytes(4).map { UInt32(truncatingIfNeeded: number($0)) }
  }

  mutating func bytes(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, count <= rest.count else { return nil }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  /// Bytes that are filled up to a multiple of four.
  mutating func padded(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, count <= rest.count else { return nil }
    let value = bytes(count)
    return bytes((4 - count % 4) % 4) == nil ? nil : value
  }

  private func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    let ordered = isBigEndian ? Array(bytes) : bytes.reversed()
    return ordered.reduce(0) { $0 << 8 | UInt64($1) }
  }
}

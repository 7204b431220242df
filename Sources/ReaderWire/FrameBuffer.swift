/// Frames on the pipe: a length in four bytes, then that many bytes. Both sides cut what they read
/// with this, in whatever pieces it arrives.
public struct FrameBuffer: Sendable {
  /// The longest response APDU (65,538 bytes) and its envelope fit.
  public static let maximumLength = 70_000

  private var bytes: [UInt8] = []
  private var start = 0

  public init() {}

  public mutating func append(_ received: UnsafeRawBufferPointer) {
    if start == bytes.count {
      bytes.removeAll(keepingCapacity: true)
      start = 0
    } else if start > Self.maximumLength {
      bytes.removeSubrange(..<start)
      start = 0
    }
    bytes.append(contentsOf: received)
  }

  /// The next whole frame's payload, nil until more bytes are there.
  ///
  /// - Throws: `WireError.tooLong` when the length is out of bounds; nothing after it can be read.
  public mutating func next() throws(WireError) -> ArraySlice<UInt8>? {
    guard bytes.count - start >= 4 else { return nil }
    var reader = ByteReader(bytes[start...])
    let length = Int(try reader.u32())
    guard length <= Self.maximumLength else { throw .tooLong(length) }
    guard bytes.count - start - 4 >= length else { return nil }
    let payload = bytes[start + 4..<start + 4 + length]
    start += 4 + length
    return payload
  }
}

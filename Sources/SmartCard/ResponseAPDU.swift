/// A card's answer (ISO/IEC 7816-4, 5.1).
public struct ResponseAPDU: Hashable, Sendable {
  /// The response data field, without the status word; may be empty.
  public var data: [UInt8]
  public var statusWord: StatusWord

  /// The most data bytes an answer holds.
  public static let maximumData = 65_536

  public init(data: [UInt8] = [], statusWord: StatusWord) {
    self.data = data
    self.statusWord = statusWord
  }

  /// Reads an answer as received: data, then SW1 SW2.
  ///
  /// - Throws: `responseTooShort` below two bytes, `responseTooLong` above 65,538.
  public init(parsing bytes: [UInt8]) throws(APDUError) {
    let end = bytes.count - 2
    guard end >= 0 else { throw .responseTooShort(count: bytes.count) }
    guard end <= Self.maximumData else { throw .responseTooLong(count: bytes.count) }
    data = Array(bytes[..<end])
    statusWord = StatusWord(sw1: bytes[end], sw2: bytes[end + 1])
  }

  /// The bytes as a card sends them.
  public func encoded() -> [UInt8] {
    data + [statusWord.sw1, statusWord.sw2]
  }
}

#if !hasFeature(Embedded)
  /// Shows status word and length. The data may hold a code, so it stays out.
  extension ResponseAPDU: CustomStringConvertible, CustomReflectable {
    public var description: String { "\(statusWord), \(data.count) data bytes" }

    public var customMirror: Mirror {
      Mirror(self, children: ["summary": description], displayStyle: .struct)
    }
  }
#endif

/// The 31-bit number that dynamic truncation takes from an HMAC (RFC 4226, 5.3): a code before it is
/// cut to its digits.
public struct TruncatedResponse: Sendable {
  private let number: UInt32

  /// The four bytes that a card truncated itself, big endian. The top bit is ignored, as RFC 4226
  /// masks it. Nil for any other count.
  public init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == 4 else { return nil }
    var number: UInt32 = 0
    for byte in bytes { number = number << 8 | UInt32(byte) }
    self.number = number & 0x7FFF_FFFF
  }

  /// Truncates a whole HMAC. Nil for fewer than 20 bytes, the size of the shortest HMAC.
  public init?(truncating mac: [UInt8]) {
    guard mac.count >= HashFunction.sha1.byteCount, let last = mac.last else { return nil }
    let offset = Int(last & 0x0F)
    self.init(mac[offset..<offset + 4])
  }

  /// The number's last digits.
  public func code(_ digits: DigitCount) -> OneTimeCode {
    code(digitCount: Int(digits.rawValue))
  }

  func code(digitCount: Int) -> OneTimeCode {
    OneTimeCode(number: number, digitCount: digitCount)
  }
}

#if !hasFeature(Embedded)
  extension TruncatedResponse: CustomStringConvertible, CustomReflectable {
    public var description: String { "<truncated response>" }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
  }
#endif

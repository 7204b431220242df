/// A one-time password: a number with a fixed count of decimal digits.
///
/// Its digits come out only where they are asked for by name; descriptions and dumps hide them.
public struct OneTimeCode: Sendable {
  /// How many digits the code has, zeros in front included: 4 to 10.
  public let digitCount: Int
  private let value: UInt64

  /// The last `digitCount` decimal digits of `number`.
  init(number: UInt32, digitCount: Int) {
    self.digitCount = digitCount
    self.value = UInt64(number) % Self.powerOfTen(digitCount)
  }

  /// A code as somebody typed it: 4 to 10 ASCII digits, nothing else.
  public init?(asciiDigits: some Collection<UInt8>) {
    guard (4...10).contains(asciiDigits.count) else { return nil }
    var value: UInt64 = 0
    for character in asciiDigits {
      guard (0x30...0x39).contains(character) else { return nil }
      value = value * 10 + UInt64(character - 0x30)
    }
    self.digitCount = asciiDigits.count
    self.value = value
  }

  /// The digits in ASCII, padded with zeros in front.
  public var asciiDigits: [UInt8] {
    var digits = [UInt8](repeating: 0x30, count: digitCount)
    var rest = value
    for index in digits.indices.reversed() {
      digits[index] += UInt8(rest % 10)
      rest /= 10
    }
    return digits
  }

  /// The digits as they are shown to the user. Ask for them only to show them.
  public var digitsText: String {
    String(decoding: asciiDigits, as: UTF8.self)
  }

  private static func powerOfTen(_ exponent: Int) -> UInt64 {
    var power: UInt64 = 1
    for _ in 0..<exponent { power *= 10 }
    return power
  }
}

extension OneTimeCode: Equatable {
  /// Equality in constant time. Codes of different lengths differ, whatever their numbers.
  public static func == (left: OneTimeCode, right: OneTimeCode) -> Bool {
    let difference = left.value ^ right.value
    return difference | UInt64(truncatingIfNeeded: left.digitCount ^ right.digitCount) == 0
  }
}

#if !hasFeature(Embedded)
  extension OneTimeCode: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "<one-time code>" }
    public var debugDescription: String { "<one-time code>" }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
  }
#endif

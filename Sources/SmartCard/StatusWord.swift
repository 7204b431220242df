/// The two bytes that end every answer, SW1 SW2 (ISO/IEC 7816-4, 5.6).
public struct StatusWord: RawRepresentable, Hashable, Sendable {
  /// SW1 in the high byte, SW2 in the low.
  public var rawValue: UInt16

  public init(rawValue: UInt16) { self.rawValue = rawValue }

  public init(_ rawValue: UInt16) { self.rawValue = rawValue }

  public init(sw1: UInt8, sw2: UInt8) { rawValue = UInt16(sw1) << 8 | UInt16(sw2) }

  public var sw1: UInt8 { UInt8(truncatingIfNeeded: rawValue >> 8) }
  public var sw2: UInt8 { UInt8(truncatingIfNeeded: rawValue) }
}

extension StatusWord {
  /// 9000.
  public static let success = StatusWord(0x9000)
  /// 6300.
  public static let warningChanged = StatusWord(0x6300)
  /// 6581.
  public static let memoryFailure = StatusWord(0x6581)
  /// 6700.
  public static let wrongLength = StatusWord(0x6700)
  /// 6881.
  public static let logicalChannelNotSupported = StatusWord(0x6881)
  /// 6882.
  public static let secureMessagingNotSupported = StatusWord(0x6882)
  /// 6883.
  public static let lastCommandOfChainExpected = StatusWord(0x6883)
  /// 6884.
  public static let commandChainingNotSupported = StatusWord(0x6884)
  /// 6982.
  public static let securityStatusNotSatisfied = StatusWord(0x6982)
  /// 6983.
  public static let authenticationMethodBlocked = StatusWord(0x6983)
  /// 6984.
  public static let referenceDataNotUsable = StatusWord(0x6984)
  /// 6985.
  public static let conditionsNotSatisfied = StatusWord(0x6985)
  /// 6986.
  public static let commandNotAllowed = StatusWord(0x6986)
  /// 6A80.
  public static let wrongData = StatusWord(0x6A80)
  /// 6A81.
  public static let functionNotSupported = StatusWord(0x6A81)
  /// 6A82.
  public static let fileOrApplicationNotFound = StatusWord(0x6A82)
  /// 6A83.
  public static let recordNotFound = StatusWord(0x6A83)
  /// 6A84.
  public static let notEnoughMemory = StatusWord(0x6A84)
  /// 6A86.
  public static let incorrectP1P2 = StatusWord(0x6A86)
  /// 6A88.
  public static let referencedDataNotFound = StatusWord(0x6A88)
  /// 6B00.
  public static let wrongP1P2 = StatusWord(0x6B00)
  /// 6D00.
  public static let instructionNotSupported = StatusWord(0x6D00)
  /// 6E00.
  public static let classNotSupported = StatusWord(0x6E00)
  /// 6F00.
  public static let unspecifiedError = StatusWord(0x6F00)
}

extension StatusWord {
  /// 9000, and nothing else.
  public var isSuccess: Bool { rawValue == 0x9000 }

  /// 61xx: how many bytes are still to be fetched, 1...256, where 256 stands for "256 or more".
  public var remainingLength: Int? {
    guard sw1 == 0x61 else { return nil }
    return sw2 == 0 ? 256 : Int(sw2)
  }

  /// 6Cxx: the Ne to repeat the command with, 1...256.
  public var correctLength: Int? {
    guard sw1 == 0x6C else { return nil }
    return sw2 == 0 ? 256 : Int(sw2)
  }

  /// 63Cx: tries left, 0...15.
  public var retriesLeft: Int? {
    guard sw1 == 0x63, sw2 & 0xF0 == 0xC0 else { return nil }
    return Int(sw2 & 0x0F)
  }
}

#if !hasFeature(Embedded)
  extension StatusWord: CustomStringConvertible {
    /// Four upper-case hexadecimal digits.
    public var description: String { Hexadecimal.text([sw1, sw2]) }
  }
#endif

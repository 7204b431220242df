/// Why bytes are not an APDU, or an APDU has no such encoding.
public enum APDUError: Error, Hashable, Sendable {
  /// A command shorter than its four header bytes.
  case commandTooShort(count: Int)
  /// The command's length does not fit the length fields inside it.
  case lengthFieldMismatch
  /// More than 65,535 data bytes.
  case dataTooLong(count: Int)
  /// Ne outside 1...65,536.
  case expectedLengthOutOfRange(Int)
  /// The command needs extended length fields and the caller ruled them out.
  case extendedLengthNotAllowed
  /// A response shorter than its two status bytes.
  case responseTooShort(count: Int)
  /// More than 65,536 data bytes in a response.
  case responseTooLong(count: Int)

  /// One line for a human.
  public var explanation: StaticString {
    switch self {
    case .commandTooShort: "the command is shorter than its four header bytes"
    case .lengthFieldMismatch: "the command's length fields disagree with its length"
    case .dataTooLong: "the command carries more than 65535 data bytes"
    case .expectedLengthOutOfRange: "the expected length is not between 1 and 65536"
    case .extendedLengthNotAllowed:
      "the command needs extended length fields, which this card does not accept"
    case .responseTooShort: "the answer is shorter than its two status bytes"
    case .responseTooLong: "the answer carries more than 65536 data bytes"
    }
  }
}

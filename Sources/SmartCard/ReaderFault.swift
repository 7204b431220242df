/// What went wrong on the reader's side, before or after the card.
public enum ReaderFault: Hashable, Sendable {
  /// Serial or USB transport: bytes lost, damaged, or an I/O error. `code` is the errno or the
  /// library's own number, 0 when there is none.
  case line(code: Int32)
  /// The chip refused or garbled a command of ours; its status byte.
  case chip(status: UInt8)
  /// The driver process was killed by this signal.
  case driverKilled(signal: Int32)
  /// The driver process ended with this status.
  case driverExited(status: Int32)
  /// The driver process said nothing by the deadline and was killed for it.
  case driverSilent
  /// The driver process said something that is not in its protocol.
  case driverNonsense
  /// The reader is not there (any more).
  case gone
  /// The system does not let us open the reader.
  case permission
  /// Another program holds the reader.
  case busy
  /// The reader cannot do what was asked.
  case unsupported

  /// Whether the same thing may work after the reader was opened again.
  public var isTransient: Bool {
    switch self {
    case .line, .chip, .driverKilled, .driverExited, .driverSilent, .driverNonsense: true
    case .gone, .permission, .busy, .unsupported: false
    }
  }

  /// What happened and what to do, in one line.
  public var explanation: StaticString {
    switch self {
    case .line: "the connection to the reader is disturbed; check cable and power"
    case .chip: "the reader's chip failed a command; unplug the reader and plug it in again"
    case .driverKilled:
      "the reader's driver crashed and is being restarted; tap again, or try another card"
    case .driverExited: "the reader's driver ended and is being restarted; tap again"
    case .driverSilent: "the reader's driver hung and is being restarted; tap again"
    case .driverNonsense: "the reader's driver answered nonsense and is being restarted; tap again"
    case .gone: "the reader is gone; plug it in again"
    case .permission: "no permission to open the reader; run smartotp doctor"
    case .busy: "another program holds the reader; stop it, or run smartotp doctor"
    case .unsupported: "the reader cannot do this; use another reader"
    }
  }
}

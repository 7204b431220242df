/// The commands of an OATH application (YKOATH protocol).
public enum OATHInstruction: UInt8, Hashable, Sendable {
  case put = 0x01
  case delete = 0x02
  case setCode = 0x03
  case reset = 0x04
  case list = 0xA1
  case calculate = 0xA2
  case validate = 0xA3
  /// 0xA4 is SELECT with P1 = 04 and CALCULATE ALL with P1 = 00.
  case calculateAll = 0xA4
  case sendRemaining = 0xA5
  /// SELECT, which shares its code with CALCULATE ALL; this value never goes on the wire.
  case select = 0x00

  /// The protocol's own name.
  public var name: StaticString {
    switch self {
    case .put: "PUT"
    case .delete: "DELETE"
    case .setCode: "SET CODE"
    case .reset: "RESET"
    case .list: "LIST"
    case .calculate: "CALCULATE"
    case .validate: "VALIDATE"
    case .calculateAll: "CALCULATE ALL"
    case .sendRemaining: "SEND REMAINING"
    case .select: "SELECT"
    }
  }
}

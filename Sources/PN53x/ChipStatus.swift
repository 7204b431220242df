/// The status byte a PN53x puts before the answer of InDataExchange and its relatives
/// (UM0701-02, 7.1): bit 7 NAD present, bit 6 more information, bits 5-0 the error code.
public struct ChipStatus: Equatable, Hashable, Sendable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public var errorCode: UInt8 { rawValue & 0x3F }
  public var isSuccess: Bool { errorCode == 0 }
  public var hasMoreInformation: Bool { rawValue & 0x40 != 0 }
  public var hasNAD: Bool { rawValue & 0x80 != 0 }

  /// What went wrong, seen from the card.
  public enum Meaning: Sendable {
    case success
    /// No answer within the chip's RF timer: the card left, or computes longer than it said.
    case noAnswer
    /// The air garbled something (CRC, parity, framing, collision): worth another try.
    case garbled
    /// The card broke the rules of its protocol.
    case protocolViolation
    /// The card is no longer selected.
    case released
    /// Another card than the one selected answered.
    case exchanged
    /// The chip refused the command or ran out of room.
    case chipRefused
    /// The chip is too hot, or its antenna draws too much current.
    case hardware
    case unknown
  }

  public var meaning: Meaning {
    switch errorCode {
    case 0x00: .success
    case 0x01, 0x0A: .noAnswer
    case 0x02, 0x03, 0x04, 0x05, 0x06: .garbled
    case 0x0B, 0x13, 0x18, 0x23, 0x2C: .protocolViolation
    case 0x29, 0x2B: .released
    case 0x2A: .exchanged
    case 0x07, 0x09, 0x0E, 0x10, 0x12, 0x14, 0x25, 0x26, 0x27: .chipRefused
    case 0x0D, 0x2D, 0x2F: .hardware
    default: .unknown
    }
  }

  /// The error code's name in the chip's manual.
  public var explanation: StaticString {
    switch errorCode {
    case 0x00: "success"
    case 0x01: "time-out, the target has not answered"
    case 0x02: "CRC error"
    case 0x03: "parity error"
    case 0x04: "wrong bit count during anticollision"
    case 0x05: "framing error"
    case 0x06: "bit collision during anticollision"
    case 0x07: "communication buffer too small"
    case 0x09: "RF buffer overflow"
    case 0x0A: "RF field not switched on in time by the counterpart"
    case 0x0B: "RF protocol error"
    case 0x0D: "overheated, antenna drivers switched off"
    case 0x0E: "internal buffer overflow"
    case 0x10: "invalid parameter"
    case 0x12: "command not supported by the target"
    case 0x13: "data format does not match"
    case 0x14: "authentication error"
    case 0x18: "NFC secure not supported"
    case 0x23: "UID check byte is wrong"
    case 0x25: "invalid state for this command"
    case 0x26: "operation not allowed"
    case 0x27: "command not acceptable in the present context"
    case 0x29: "target released by its initiator"
    case 0x2A: "card ID does not match, the card was exchanged"
    case 0x2B: "card disappeared"
    case 0x2C: "NFCID3 mismatch"
    case 0x2D: "over-current"
    case 0x2E: "NAD missing"
    case 0x2F: "antenna fault"
    default: "unknown status"
    }
  }
}

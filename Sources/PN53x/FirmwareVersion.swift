/// The answer of GetFirmwareVersion (UM0701-02, 7.2.2).
public struct FirmwareVersion: Equatable, Sendable {
  public enum Chip: UInt8, Sendable {
    case pn531 = 0x31
    case pn532 = 0x32
    case pn533 = 0x33
    case unknown = 0x00
  }

  public let chip: Chip
  public let version: UInt8
  public let revision: UInt8
  /// Bit 0 ISO 14443 A, bit 1 ISO 14443 B, bit 2 ISO 18092.
  public let support: UInt8

  public var supportsTypeB: Bool { support & 0x02 != 0 }

  /// A PN531 answers with version and revision only; the others put the chip's name first.
  public init(parsing answer: [UInt8]) throws(ChipAnswerError) {
    switch answer.count {
    case 2:
      chip = .pn531
      (version, revision, support) = (answer[0], answer[1], 0x01)
    case 4:
      chip = Chip(rawValue: answer[0]) ?? .unknown
      (version, revision, support) = (answer[1], answer[2], answer[3])
    default:
      throw .length(expected: 4, actual: answer.count)
    }
  }
}

/// An answer that does not have the form its command promises.
public enum ChipAnswerError: Error, Equatable, Sendable {
  case length(expected: Int, actual: Int)
  case targetCount(UInt8)
  case truncatedTarget
  case uidLength(UInt8)
  case answerToSelect(length: UInt8, available: Int)
  case attribute(length: UInt8, available: Int)
  case trailingBytes(Int)
}

extension ChipAnswerError {
  /// One line for a human.
  public var explanation: String {
    switch self {
    case .length: "the chip's answer has the wrong length"
    case .targetCount: "the chip reported an impossible number of cards"
    case .truncatedTarget: "the card's activation data end too early"
    case .uidLength: "the card's UID has an impossible length"
    case .answerToSelect: "the card's ATS states another length than it has"
    case .attribute: "the card's answer to ATTRIB states another length than it has"
    case .trailingBytes: "the card's activation data are longer than they say"
    }
  }
}

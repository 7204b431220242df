/// A PN53x command as it follows the host's frame identifier D4: code, then parameters
/// (NXP UM0701-02, chapter 7).
public struct ChipCommand: Equatable, Sendable {
  public let bytes: [UInt8]

  /// `code` is the command byte, `parameters` what follows it.
  public init(_ code: Code, _ parameters: [UInt8] = []) {
    bytes = [code.rawValue] + parameters
  }

  /// A command given as raw bytes, code first, for diagnosis.
  public init(raw bytes: [UInt8]) { self.bytes = bytes }

  /// The commands this project sends. The answer's code is always one more.
  public enum Code: UInt8, Sendable {
    case diagnose = 0x00
    case getFirmwareVersion = 0x02
    case getGeneralStatus = 0x04
    case setSerialBaudRate = 0x10
    /// Never sent by this project itself.
    case powerDown = 0x16
    case rfConfiguration = 0x32
    case inDataExchange = 0x40
    case inCommunicateThru = 0x42
    case inDeselect = 0x44
    case inListPassiveTarget = 0x4A
    case inPSL = 0x4E
    case inRelease = 0x52
  }
}

extension ChipCommand {
  public static let getFirmwareVersion = ChipCommand(.getFirmwareVersion)
  public static let getGeneralStatus = ChipCommand(.getGeneralStatus)

  /// Diagnose, communication line: the chip answers 00 and the same bytes.
  public static func echo(_ bytes: [UInt8]) -> ChipCommand {
    ChipCommand(.diagnose, [0x00] + bytes)
  }

  /// Type A, 106 kbit/s, up to two targets, so that a second card is noticed at no extra cost.
  public static let listTypeA = ChipCommand(.inListPassiveTarget, [0x02, 0x00])

  /// Type B, 106 kbit/s, every application family, up to two targets.
  public static let listTypeB = ChipCommand(.inListPassiveTarget, [0x02, 0x03, 0x00])

  /// Selects the one Type A card with this UID. UIDs of 7 and 10 bytes are sent in cascade form,
  /// 88 before every level but the last (ISO/IEC 14443-3, 6.5.4). Nil for any other length.
  public static func selectTypeA(uid: [UInt8]) -> ChipCommand? {
    var cascade: [UInt8] = [0x01, 0x00]
    switch uid.count {
    case 4: cascade += uid
    case 7: cascade += [0x88] + uid
    case 10: cascade += [0x88] + uid[..<3] + [0x88] + uid[3...]
    default: return nil
    }
    return ChipCommand(.inListPassiveTarget, cascade)
  }

  /// RF field off or on. A card in the field loses all state when it is off for 5 ms.
  public static func field(on: Bool) -> ChipCommand {
    ChipCommand(.rfConfiguration, [0x01, on ? 0x01 : 0x00])
  }

  /// The chip's own timers (item 2): for an answer to activation, and for a card's answer.
  public static func timings(activation: RFTimer, exchange: RFTimer) -> ChipCommand {
    ChipCommand(.rfConfiguration, [0x02, 0x00, activation.code, exchange.code])
  }

  /// How often the chip itself repeats (item 5): ATR, PSL, and passive activation. FF would repeat
  /// an activation for ever, deaf to everything but an abort.
  public static func activationRetries(_ count: UInt8) -> ChipCommand {
    ChipCommand(.rfConfiguration, [0x05, 0x02, 0x01, min(count, 0xFE)])
  }

  /// The largest piece of an APDU in one InDataExchange: 262 bytes of data (UM0701-02, 7.3.8).
  public static let maximumExchangeData = 262

  /// An APDU to target 1, in as many InDataExchange commands as it needs; all but the last carry
  /// the more-information bit (40) in the target byte.
  ///
  /// - Parameter pieceSize: bytes of the APDU in one command, where the way to the chip is narrower.
  public static func dataExchange(
    _ apdu: [UInt8], pieceSize: Int = maximumExchangeData
  ) -> [ChipCommand] {
    let pieceSize = min(max(pieceSize, 1), maximumExchangeData)
    var commands: [ChipCommand] = []
    var start = 0
    repeat {
      let end = min(start + pieceSize, apdu.count)
      let target: UInt8 = end < apdu.count ? 0x41 : 0x01
      commands.append(ChipCommand(.inDataExchange, [target] + apdu[start..<end]))
      start = end
    } while start < apdu.count
    return commands
  }

  public static let deselect = ChipCommand(.inDeselect, [0x01])
  public static let releaseAll = ChipCommand(.inRelease, [0x00])

  /// Asks whether the activated ISO-DEP card is still there without changing its state.
  ///
  /// A PN532's own presence test (Diagnose 06) fails with some cards, so there the host sends the
  /// block R(NAK) itself, which a card answers with R(ACK) or its last block (ISO/IEC 14443-4,
  /// 7.5.4). The chip gives Type B cards the CID 1.
  public static func presence(of kind: TargetKind, chip: FirmwareVersion.Chip) -> ChipCommand {
    switch (chip, kind) {
    case (.pn532, .typeA): ChipCommand(.inCommunicateThru, [0xB2])
    case (.pn532, .typeB): ChipCommand(.inCommunicateThru, [0xBA, 0x01])
    default: ChipCommand(.diagnose, [0x06])
    }
  }

  public static func setSerialSpeed(_ speed: SerialSpeed) -> ChipCommand {
    ChipCommand(.setSerialBaudRate, [speed.rawValue])
  }
}

/// The two kinds of card the driver looks for.
public enum TargetKind: UInt8, Sendable, CaseIterable {
  case typeA = 0x00
  case typeB = 0x03

  public var listCommand: ChipCommand { self == .typeA ? .listTypeA : .listTypeB }
}

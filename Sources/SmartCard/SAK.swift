/// Select acknowledge, Type A (ISO/IEC 14443-3, 6.5.3.4).
public struct SAK: RawRepresentable, Hashable, Sendable {
  public var rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// b3 clear: no further cascade level follows.
  public var isUIDComplete: Bool { rawValue & 0x04 == 0 }

  /// The UID is complete and b6 set: the card speaks ISO/IEC 14443-4, so it takes APDUs.
  // swift-format-ignore: AlwaysUseLowerCamelCase
  public var isISO14443_4: Bool { isUIDComplete && rawValue & 0x20 != 0 }

  /// The UID is complete and b7 set: the card speaks NFC-DEP (ISO/IEC 18092).
  public var isNFCDEP: Bool { isUIDComplete && rawValue & 0x40 != 0 }

  /// What kind of card usually says this, for a human. Not proof of anything.
  public var name: StaticString {
    if !isUIDComplete { return "UID not complete" }
    switch rawValue {
    case 0x00: return "memory card, MIFARE Ultralight or NTAG"
    case 0x08: return "MIFARE Classic 1K"
    case 0x09: return "MIFARE Mini"
    case 0x10, 0x11: return "MIFARE Plus"
    case 0x18: return "MIFARE Classic 4K"
    case 0x20: return "ISO 14443-4 card"
    case 0x28: return "ISO 14443-4 card with MIFARE Classic 1K"
    case 0x38: return "ISO 14443-4 card with MIFARE Classic 4K"
    default: break
    }
    if isISO14443_4 { return isNFCDEP ? "ISO 14443-4 and NFC-DEP device" : "ISO 14443-4 card" }
    return isNFCDEP ? "NFC-DEP device" : "unknown"
  }
}

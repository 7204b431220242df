/// What a card says of itself during activation.
public enum CardActivation: Sendable, Equatable {
  case typeA(TypeAActivation)
  case typeB(TypeBActivation)

  public var technology: CardTechnology {
    switch self {
    case .typeA: .a
    case .typeB: .b
    }
  }
}

/// A type A card's activation data (ISO/IEC 14443-3 §6, ISO/IEC 14443-4 §5).
public struct TypeAActivation: Sendable, Equatable {
  /// Most significant byte first, as the chip reports it.
  public var atqa: [UInt8]
  public var sak: UInt8
  /// 4, 7 or 10 bytes on an honest card.
  public var uid: [UInt8]
  /// The answer to select from its length byte on; nil is a card without ISO-DEP.
  public var ats: [UInt8]?
  /// The card draws a new single-size UID beginning `08` each time it is powered.
  public var drawsRandomUID = false
  /// What the chip reports after the target number instead of the above, whatever it is.
  public var reportedData: [UInt8]?

  public init(atqa: [UInt8], sak: UInt8, uid: [UInt8], ats: [UInt8]?) {
    self.atqa = atqa
    self.sak = sak
    self.uid = uid
    self.ats = ats
  }

  /// An ISO-DEP card: 256 byte frames, 106 kbit/s only, 77 ms frame waiting time.
  public static func isoDEP(
    uid: [UInt8] = [0x04, 0xA2, 0x3B, 0x1C, 0x5D, 0x6E, 0x80],
    ats: [UInt8] = [0x05, 0x78, 0x80, 0x81, 0x00]
  ) -> TypeAActivation {
    let atqa: [UInt8] = [0x00, uid.count <= 4 ? 0x04 : uid.count <= 7 ? 0x44 : 0x84]
    return TypeAActivation(atqa: atqa, sak: 0x20, uid: uid, ats: ats)
  }
}

/// A type B card's activation data (ISO/IEC 14443-3 §7).
public struct TypeBActivation: Sendable, Equatable {
  /// The card's identifier, four bytes.
  public var pupi: [UInt8]
  public var applicationData: [UInt8]
  public var protocolInfo: [UInt8]
  /// What the chip reports after the target number instead of the above, whatever it is.
  public var reportedData: [UInt8]?

  public init(
    pupi: [UInt8] = [0x1B, 0x3C, 0x5D, 0x7E], applicationData: [UInt8] = [0, 0, 0, 0],
    protocolInfo: [UInt8] = [0x00, 0x81, 0x81]
  ) {
    self.pupi = pupi
    self.applicationData = applicationData
    self.protocolInfo = protocolInfo
  }
}

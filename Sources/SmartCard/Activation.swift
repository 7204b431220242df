/// What a Type A card said of itself when it was activated.
public struct TypeAActivation: Hashable, Sendable {
  public var atqa: ATQA
  public var sak: SAK
  public var uid: UID
  /// Nil for cards that do not speak ISO/IEC 14443-4.
  public var ats: ATS?

  public init(atqa: ATQA, sak: SAK, uid: UID, ats: ATS? = nil) {
    self.atqa = atqa
    self.sak = sak
    self.uid = uid
    self.ats = ats
  }
}

/// What a Type B card said of itself when it was activated.
public struct TypeBActivation: Hashable, Sendable {
  public var atqb: ATQB
  /// The answer to ATTRIB without CRC (ISO/IEC 14443-3, 7.11): MBLI and CID, then higher layer
  /// bytes; empty when unknown.
  public var attribResponse: [UInt8]

  public init(atqb: ATQB, attribResponse: [UInt8] = []) {
    self.atqb = atqb
    self.attribResponse = attribResponse
  }

  /// How many bytes of chained frames the card can hold; nil when it does not say (MBLI 0).
  public var maximumBuffer: Int? {
    guard let index = attribResponse.first.map({ $0 >> 4 }), index > 0 else { return nil }
    return atqb.maximumFrame << Int(index - 1)
  }
}

/// What a card said of itself when it was activated (ISO/IEC 14443-3 and -4).
public enum Activation: Hashable, Sendable {
  case typeA(TypeAActivation)
  case typeB(TypeBActivation)

  /// The UID of a Type A card, the PUPI of a Type B card.
  public var uid: [UInt8] {
    switch self {
    case .typeA(let card): card.uid.bytes
    case .typeB(let card): card.atqb.pupi
    }
  }

  /// Whether `uid` may be another one the next time this card enters the field, so that it does
  /// not tell cards apart: random Type A UIDs, and every PUPI.
  public var uidMayChange: Bool {
    switch self {
    case .typeA(let card): card.uid.isRandom
    case .typeB: true
    }
  }

  /// How long the card may take before it begins to answer.
  public var frameWaitingTime: FrameWaitingTime {
    switch self {
    case .typeA(let card): card.ats?.frameWaitingTime ?? .standard
    case .typeB(let card): card.atqb.frameWaitingTime
    }
  }

  /// FSC, the longest frame the card takes, in bytes.
  public var maximumFrame: Int {
    switch self {
    case .typeA(let card): card.ats?.maximumFrame ?? FrameSize.standard
    case .typeB(let card): card.atqb.maximumFrame
    }
  }

  /// Whether the card takes APDUs: it says it speaks ISO/IEC 14443-4 and, Type A, gave its ATS.
  public var isISODEP: Bool {
    switch self {
    case .typeA(let card): card.sak.isISO14443_4 && card.ats != nil
    case .typeB(let card): card.atqb.isISO14443_4
    }
  }

  /// The bit rates the card can be switched to.
  public var bitRates: BitRateCapability {
    switch self {
    case .typeA(let card): card.ats?.bitRates ?? .basic
    case .typeB(let card): card.atqb.bitRates
    }
  }
}

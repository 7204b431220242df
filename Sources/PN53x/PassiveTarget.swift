/// One card in the answer of InListPassiveTarget, in the chip's own format (UM0701-02, 7.3.5),
/// bytes not yet interpreted.
public enum PassiveTarget: Equatable, Sendable {
  /// `atqa` as the chip shows it, high byte first; `ats` begins with its length byte TL and is nil
  /// when the chip reported none.
  case typeA(atqa: UInt16, sak: UInt8, uid: [UInt8], ats: [UInt8]?)
  /// `attribute` is the answer to ATTRIB without its length byte.
  case typeB(atqb: [UInt8], attribute: [UInt8])

  public var kind: TargetKind {
    switch self {
    case .typeA: .typeA
    case .typeB: .typeB
    }
  }

  /// The UID, or for Type B the PUPI.
  public var identifier: [UInt8] {
    switch self {
    case .typeA(_, _, let uid, _): uid
    case .typeB(let atqb, _): Array(atqb.dropFirst().prefix(4))
    }
  }

  /// Whether another activation may show another identifier for the same card: a UID of four bytes
  /// that begins with 08 (ISO/IEC 14443-3, 6.5.4); a PUPI may always be drawn anew (7.9.2).
  public var hasRandomIdentifier: Bool {
    switch self {
    case .typeA(_, _, let uid, _): uid.count == 4 && uid.first == 0x08
    case .typeB: true
    }
  }

  /// Whether the card speaks ISO/IEC 14443-4, so that APDUs reach it: SAK bit 6, or for Type B the
  /// protocol type in the ATQB's third protocol-information half-byte.
  public var isISODEP: Bool {
    switch self {
    case .typeA(_, let sak, _, _): sak & 0x20 != 0
    case .typeB(let atqb, _): atqb.count >= 11 && atqb[10] & 0x01 != 0
    }
  }

  /// The longest UID ISO/IEC 14443-3 knows.
  static let maximumUIDLength = 10
  static let atqbLength = 12
}

extension PassiveTarget {
  /// Decodes the answer after its code: NbTg, then each target with its number.
  ///
  /// - Throws: `ChipAnswerError` when a card claims lengths that the answer does not hold. libnfc's
  ///   own decoder trusts them.
  public static func list(
    _ answer: [UInt8], kind: TargetKind
  ) throws(ChipAnswerError) -> [PassiveTarget] {
    var cursor = Cursor(answer)
    let count = try cursor.byte()
    guard count <= 2 else { throw .targetCount(count) }
    var targets: [PassiveTarget] = []
    for _ in 0..<count {
      _ = try cursor.byte()
      targets.append(try kind == .typeA ? cursor.typeA() : cursor.typeB())
    }
    guard cursor.available == 0 || count == 0 else { throw .trailingBytes(cursor.available) }
    return targets
  }

  /// One target without its number, as `encoded` gives it.
  public init(decoding bytes: [UInt8], kind: TargetKind) throws(ChipAnswerError) {
    var cursor = Cursor(bytes)
    self = try kind == .typeA ? cursor.typeA() : cursor.typeB()
    guard cursor.available == 0 else { throw .trailingBytes(cursor.available) }
  }

  /// The target's bytes in the chip's format, without its number.
  public var encoded: [UInt8] {
    switch self {
    case .typeA(let atqa, let sak, let uid, let ats):
      [UInt8(atqa >> 8), UInt8(atqa & 0xFF), sak, UInt8(truncatingIfNeeded: uid.count)] + uid
        + (ats ?? [])
    case .typeB(let atqb, let attribute):
      atqb + [UInt8(truncatingIfNeeded: attribute.count)] + attribute
    }
  }
}

private struct Cursor {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var available: Int { bytes.count - position }

  mutating func byte() throws(ChipAnswerError) -> UInt8 {
    guard available >= 1 else { throw .truncatedTarget }
    position += 1
    return bytes[position - 1]
  }

  mutating func take(_ count: Int) throws(ChipAnswerError) -> [UInt8] {
    guard available >= count else { throw .truncatedTarget }
    position += count
    return Array(bytes[position - count..<position])
  }

  mutating func typeA() throws(ChipAnswerError) -> PassiveTarget {
    let atqa = UInt16(try byte()) << 8 | UInt16(try byte())
    let sak = try byte()
    let uidLength = try byte()
    guard uidLength >= 1, uidLength <= PassiveTarget.maximumUIDLength else {
      throw .uidLength(uidLength)
    }
    let uid = try take(Int(uidLength))
    guard sak & 0x20 != 0, available > 0 else {
      return .typeA(atqa: atqa, sak: sak, uid: uid, ats: nil)
    }
    let length = bytes[position]
    guard length >= 1, Int(length) <= available else {
      throw .answerToSelect(length: length, available: available)
    }
    return .typeA(atqa: atqa, sak: sak, uid: uid, ats: try take(Int(length)))
  }

  mutating func typeB() throws(ChipAnswerError) -> PassiveTarget {
    let atqb = try take(PassiveTarget.atqbLength)
    let length = try byte()
    guard Int(length) <= available else { throw .attribute(length: length, available: available) }
    return .typeB(atqb: atqb, attribute: try take(Int(length)))
  }
}

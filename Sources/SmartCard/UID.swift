/// A Type A card's identifier (ISO/IEC 14443-3, 6.5.4): 4, 7 or 10 bytes.
public struct UID: Hashable, Sendable {
  public let bytes: [UInt8]

  /// CT: stands before the UID bytes of a cascade level that is not the last.
  public static let cascadeTag: UInt8 = 0x88

  /// - Throws: `uidLength`, or `cascadeTagInUID` for 4 bytes that begin with 88, which no
  ///   complete UID does.
  public init(_ bytes: [UInt8]) throws(ActivationError) {
    guard bytes.count == 4 || bytes.count == 7 || bytes.count == 10 else {
      throw .uidLength(bytes.count)
    }
    if bytes.count == 4, bytes[0] == Self.cascadeTag { throw .cascadeTagInUID }
    self.bytes = bytes
  }

  /// Whether the card draws a new one at every power-up: 4 bytes, the first 08.
  public var isRandom: Bool { bytes.count == 4 && bytes[0] == 0x08 }

  /// The bytes as SELECT carries them, cascade tags included: 4, 8 or 12.
  public var withCascadeTags: [UInt8] {
    var levels: [UInt8] = []
    var start = 0
    while bytes.count - start > 4 {
      levels.append(Self.cascadeTag)
      levels += bytes[start..<start + 3]
      start += 3
    }
    levels += bytes[start...]
    return levels
  }

  /// Reads `withCascadeTags` back.
  ///
  /// - Throws: `uidLength` unless 4, 8 or 12 bytes, `cascadeTagInUID` where a tag is missing
  ///   or one too many.
  public init(withCascadeTags levels: [UInt8]) throws(ActivationError) {
    guard levels.count == 4 || levels.count == 8 || levels.count == 12 else {
      throw .uidLength(levels.count)
    }
    var uid: [UInt8] = []
    var start = 0
    while levels.count - start > 4 {
      guard levels[start] == Self.cascadeTag else { throw .cascadeTagInUID }
      uid += levels[start + 1..<start + 4]
      start += 4
    }
    // The last level carries four UID bytes, so a cascade tag there announces one that is missing.
    guard levels[start] != Self.cascadeTag else { throw .cascadeTagInUID }
    uid += levels[start...]
    try self.init(uid)
  }
}

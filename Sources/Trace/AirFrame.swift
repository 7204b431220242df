/// One thing that happened on the air, as link type ISO 14443 (264) describes it: a pseudo-header
/// of version, event and length, then the frame's bytes.
public struct AirFrame: Equatable, Sendable {
  /// The pseudo-header's event byte.
  public enum Event: UInt8, CaseIterable, Sendable {
    /// Reader to card, with its CRC where it has one.
    case toCard = 0xFE
    /// Card to reader, with its CRC where it has one.
    case fromCard = 0xFF
    case fieldOn = 0xFC
    case fieldOff = 0xFD
    /// Reader to card, the CRC left out.
    case toCardWithoutCRC = 0xFA
    /// Card to reader, the CRC left out.
    case fromCardWithoutCRC = 0xFB
  }

  public static let linkType: UInt16 = 264
  /// What the length field can count.
  public static let maximumByteCount = 65_535

  public let event: Event
  public let bytes: [UInt8]
  /// What a reader of the trace should know of this frame.
  public var comment: String?

  init(_ event: Event, _ bytes: [UInt8] = [], comment: String? = nil) {
    self.event = event
    self.bytes = bytes
    self.comment = comment
  }

  /// The frame as a packet: 00, event, length big endian, bytes.
  public var packet: [UInt8] {
    let count = UInt16(truncatingIfNeeded: bytes.count)
    return [0, event.rawValue, UInt8(count >> 8), UInt8(count & 0xFF)] + bytes
  }

  /// Reads a packet. Nil unless version, event and length are as they must be.
  public init?(packet: [UInt8], comment: String? = nil) {
    guard packet.count >= 4, packet[0] == 0, let event = Event(rawValue: packet[1]),
      packet.count - 4 == Int(packet[2]) << 8 | Int(packet[3])
    else { return nil }
    self.init(event, Array(packet.dropFirst(4)), comment: comment)
  }
}

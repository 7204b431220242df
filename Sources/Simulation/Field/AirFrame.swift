/// The two modulations of ISO/IEC 14443.
public enum CardTechnology: Sendable { case a, b }

/// A frame on the radio field, with its checksum where it has one.
struct AirFrame: Equatable {
  var technology: CardTechnology
  var bytes: [UInt8]
  /// Bits of the last byte that are sent; 0 means all eight. REQA and WUPA have 7.
  var lastBits = 0
  var rate = BitRate.kbit106

  static func sealed(_ technology: CardTechnology, _ body: [UInt8], rate: BitRate = .kbit106)
    -> AirFrame
  {
    AirFrame(technology: technology, bytes: technology.sealed(body), rate: rate)
  }
}

/// A bit rate of ISO/IEC 14443, as a divisor's power of two.
public enum BitRate: UInt8, Sendable { case kbit106, kbit212, kbit424, kbit848 }

/// What one card sends back.
struct AirAnswer: Equatable {
  var bytes: [UInt8]
  /// From the end of the reader's frame to the start of the answer.
  var delay: Duration = .zero
}

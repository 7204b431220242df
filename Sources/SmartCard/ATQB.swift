/// Answer to request, Type B (ISO/IEC 14443-3, 7.9): who the card is and what it supports.
public struct ATQB: Hashable, Sendable {
  /// The bytes as received, 50 first, without CRC: 12, or 13 when extended.
  public let bytes: [UInt8]
  public let bitRates: BitRateCapability
  /// The longest frame the card takes, in bytes: 16...4096.
  public let maximumFrame: Int
  /// The card speaks ISO/IEC 14443-4, so it takes APDUs.
  // swift-format-ignore: AlwaysUseLowerCamelCase
  public let isISO14443_4: Bool
  /// Code of the least TR2, the wait between the card's end of frame and the reader's next: 0...3.
  public let minimumTR2: UInt8
  public let frameWaitingTime: FrameWaitingTime
  /// ADC, 0...3: 0 proprietary application data, 1 coded as the standard's 7.9.3.
  public let applicationDataCoding: UInt8
  public let supportsNAD: Bool
  public let supportsCID: Bool
  /// From the extended ATQB; none otherwise.
  public let startUpFrameGuardTime: StartUpFrameGuardTime

  /// PUPI, four bytes; a card may draw a new one at every power-up.
  public var pupi: [UInt8] { Array(bytes[1..<5]) }
  /// Application data, four bytes: with ADC 1 AFI, CRC of the AID, number of applications.
  public var applicationData: [UInt8] { Array(bytes[5..<9]) }

  /// Reads an ATQB as on the air, without CRC.
  ///
  /// - Throws: `atqbLength`, `atqbHeader`.
  public init(parsing bytes: [UInt8]) throws(ActivationError) {
    guard bytes.count == 12 || bytes.count == 13 else { throw .atqbLength(bytes.count) }
    guard bytes[0] == 0x50 else { throw .atqbHeader(bytes[0]) }
    self.bytes = bytes
    bitRates = BitRateCapability(coding: bytes[9])
    maximumFrame = FrameSize.bytes(code: bytes[10] >> 4)
    // With the reserved bit b4 of the protocol type set a reader must not go on with the card.
    isISO14443_4 = bytes[10] & 0x09 == 0x01
    minimumTR2 = bytes[10] >> 1 & 0x03
    frameWaitingTime = FrameWaitingTime(index: bytes[11] >> 4)
    applicationDataCoding = bytes[11] >> 2 & 0x03
    supportsNAD = bytes[11] & 0x02 != 0
    supportsCID = bytes[11] & 0x01 != 0
    startUpFrameGuardTime =
      bytes.count == 13 ? StartUpFrameGuardTime(index: bytes[12] >> 4) : .none
  }
}

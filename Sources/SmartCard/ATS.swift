/// Answer to select, Type A (ISO/IEC 14443-4, 5.2): what the card supports.
public struct ATS: Hashable, Sendable {
  /// The bytes as received, TL first.
  public let bytes: [UInt8]
  /// FSC, the longest frame the card takes, in bytes: 16...4096.
  public let maximumFrame: Int
  public let bitRates: BitRateCapability
  public let frameWaitingTime: FrameWaitingTime
  public let startUpFrameGuardTime: StartUpFrameGuardTime
  public let supportsNAD: Bool
  public let supportsCID: Bool
  /// T1 to Tk, free to the card's maker.
  public let historicalBytes: [UInt8]

  /// Reads an ATS as on the air: TL first, without CRC.
  ///
  /// What it leaves out has the standard's default: FSC 32, 106 kbit/s, FWI 4, SFGI 0, CID and
  /// no NAD. Reserved values are taken as the standard tells a reader to take them.
  ///
  /// - Throws: `atsMissing`, `atsLengthZero`, `atsLengthMismatch`, `atsInterfaceBytesMissing`.
  public init(parsing bytes: [UInt8]) throws(ActivationError) {
    guard let stated = bytes.first else { throw .atsMissing }
    guard stated != 0 else { throw .atsLengthZero }
    guard bytes.count == Int(stated) else {
      throw .atsLengthMismatch(stated: Int(stated), received: bytes.count)
    }
    let interface = try InterfaceBytes(bytes)
    self.bytes = bytes
    maximumFrame = interface.format.map { FrameSize.bytes(code: $0 & 0x0F) } ?? FrameSize.standard
    bitRates = interface.ta.map { BitRateCapability(coding: $0) } ?? .basic
    frameWaitingTime = interface.tb.map { FrameWaitingTime(index: $0 >> 4) } ?? .standard
    startUpFrameGuardTime = interface.tb.map { StartUpFrameGuardTime(index: $0) } ?? .none
    supportsNAD = interface.tc.map { $0 & 0x01 != 0 } ?? false
    supportsCID = interface.tc.map { $0 & 0x02 != 0 } ?? true
    historicalBytes = Array(bytes[interface.end...])
  }
}

/// T0 and the interface bytes it announces.
private struct InterfaceBytes {
  var format: UInt8?
  var ta: UInt8?
  var tb: UInt8?
  var tc: UInt8?
  /// Index of the first historical byte.
  var end = 1

  init(_ bytes: [UInt8]) throws(ActivationError) {
    guard bytes.count > 1 else { return }
    let format = bytes[1]
    self.format = format
    end = 2
    if format & 0x10 != 0 { ta = try next(bytes) }
    if format & 0x20 != 0 { tb = try next(bytes) }
    if format & 0x40 != 0 { tc = try next(bytes) }
  }

  private mutating func next(_ bytes: [UInt8]) throws(ActivationError) -> UInt8 {
    guard end < bytes.count else { throw .atsInterfaceBytesMissing }
    defer { end += 1 }
    return bytes[end]
  }
}

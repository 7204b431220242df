/// What an ATS or an ATQB says about the block protocol, read leniently: a missing byte means its
/// default, a reserved value the nearest sensible one.
struct DepParameters: Equatable {
  /// The longest frame the card takes, checksum included (FSC).
  var frameSize = 32
  /// Frame waiting time integer, 0 to 14.
  var frameWaitingIndex = 4
  var startupGuardIndex = 0
  var takesCardIdentifier = false
  /// TA(1) of the ATS: bit rates beyond 106 kbit/s.
  var bitRates: UInt8 = 0

  private static let sizes = [16, 24, 32, 40, 48, 64, 96, 128, 256]

  static func frameSize(_ index: Int) -> Int { sizes[min(index, 8)] }

  init() {}

  init(ats: [UInt8]) {
    guard ats.count >= 2, ats[0] >= 2 else { return }
    let format = ats[1]
    frameSize = Self.frameSize(Int(format & 0x0F))
    var optional = ats.dropFirst(2).prefix(Int(ats[0]) - 2)
    if format & 0x10 != 0 { bitRates = optional.popFirst() ?? 0 }
    if format & 0x20 != 0, let byte = optional.popFirst() {
      frameWaitingIndex = Self.index(byte >> 4, reserved: 4)
      startupGuardIndex = Self.index(byte & 0x0F, reserved: 0)
    }
    if format & 0x40 != 0, let byte = optional.popFirst() { takesCardIdentifier = byte & 2 != 0 }
  }

  init(protocolInfo: [UInt8]) {
    guard protocolInfo.count >= 3 else { return }
    frameSize = Self.frameSize(Int(protocolInfo[1] >> 4))
    frameWaitingIndex = Self.index(protocolInfo[2] >> 4, reserved: 4)
    takesCardIdentifier = protocolInfo[2] & 1 != 0
  }

  /// What follows the interface bytes of an ATS, at most 15 bytes.
  static func historicalBytes(_ ats: [UInt8]) -> [UInt8] {
    guard ats.count >= 2 else { return [] }
    let interface = (ats[1] & 0x70).nonzeroBitCount
    return Array(ats.dropFirst(2 + interface).prefix(15))
  }

  private static func index(_ value: UInt8, reserved: Int) -> Int {
    value > 14 ? reserved : Int(value)
  }

  /// FWT = 256 × 16 / fc × 2^FWI (ISO/IEC 14443-4 §7.2), fc 13.56 MHz.
  var frameWaitingTime: Duration { Self.carrierCycles(4_096 << frameWaitingIndex) }

  /// What a reader grants on top of the frame waiting time: 49152 / fc.
  static let frameWaitingMargin = carrierCycles(49_152)

  var startupGuardTime: Duration {
    startupGuardIndex == 0 ? .zero : Self.carrierCycles(4_096 << startupGuardIndex)
  }

  static func carrierCycles(_ cycles: Int) -> Duration { .nanoseconds(cycles * 100_000 / 1_356) }
}

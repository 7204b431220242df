import SmartCard
import Testing

@Suite("Type B: ATQB")
struct TypeBTests {
  private let example: [UInt8] = [
    0x50, 0x11, 0x22, 0x33, 0x44, 0x00, 0xAA, 0xBB, 0x01, 0x33, 0x81, 0x85,
  ]

  @Test("An ATQB is decoded field by field")
  func fields() throws {
    let atqb = try ATQB(parsing: example)
    #expect(atqb.pupi == [0x11, 0x22, 0x33, 0x44])
    #expect(atqb.applicationData == [0x00, 0xAA, 0xBB, 0x01])
    #expect(atqb.bitRates.fromCard == [.kbps106, .kbps212, .kbps424])
    #expect(atqb.bitRates.toCard == [.kbps106, .kbps212, .kbps424])
    #expect(atqb.maximumFrame == 256)
    #expect(atqb.isISO14443_4)
    #expect(atqb.minimumTR2 == 0)
    #expect(atqb.frameWaitingTime == FrameWaitingTime(index: 8))
    #expect(atqb.applicationDataCoding == 1)
    #expect(!atqb.supportsNAD)
    #expect(atqb.supportsCID)
    #expect(atqb.startUpFrameGuardTime == .none)
  }

  @Test("An extended ATQB carries SFGI")
  func extended() throws {
    let atqb = try ATQB(parsing: example + [0x50])
    #expect(atqb.startUpFrameGuardTime == StartUpFrameGuardTime(index: 5))
  }

  @Test("Only 12 or 13 bytes that begin with 50 are an ATQB")
  func refused() {
    for count in 0...16 where count != 12 && count != 13 {
      #expect(throws: ActivationError.atqbLength(count)) {
        try ATQB(parsing: [UInt8](repeating: 0x50, count: count))
      }
    }
    #expect(throws: ActivationError.atqbHeader(0x51)) {
      try ATQB(parsing: [0x51] + example[1...])
    }
  }

  @Test("A protocol type with its reserved bit set is not ISO 14443-4")
  func protocolTypes() throws {
    for type in UInt8(0)...15 {
      var bytes = example
      bytes[10] = 0x80 | type
      #expect(try ATQB(parsing: bytes).isISO14443_4 == (type & 1 == 1 && type < 8))
      #expect(try ATQB(parsing: bytes).minimumTR2 == type >> 1 & 3)
    }
  }

  @Test("Reserved codes are taken as the standard says")
  func reserved() throws {
    var bytes = example
    bytes[9] = 0xFF
    bytes[10] = 0xF1
    bytes[11] = 0xF3
    let atqb = try ATQB(parsing: bytes)
    #expect(atqb.bitRates == .basic)
    #expect(atqb.maximumFrame == 4096)
    #expect(atqb.frameWaitingTime == .standard)
    #expect(atqb.supportsNAD)
  }

  @Test("MBLI gives the buffer for chained frames")
  func buffer() throws {
    let atqb = try ATQB(parsing: example)
    #expect(TypeBActivation(atqb: atqb).maximumBuffer == nil)
    #expect(TypeBActivation(atqb: atqb, attribResponse: [0x00]).maximumBuffer == nil)
    #expect(TypeBActivation(atqb: atqb, attribResponse: [0x10]).maximumBuffer == 256)
    #expect(TypeBActivation(atqb: atqb, attribResponse: [0x30]).maximumBuffer == 1024)
    #expect(TypeBActivation(atqb: atqb, attribResponse: [0xF0]).maximumBuffer == 256 << 14)
  }
}

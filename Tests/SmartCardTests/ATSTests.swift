import SmartCard
import Testing

@Suite("ATS")
struct ATSTests {
  @Test("A full ATS is decoded field by field")
  func full() throws {
    // FSCI 8, all interface bytes, 848 both ways, FWI 8, SFGI 1, CID, "AB".
    let ats = try ATS(parsing: [0x07, 0x78, 0xF7, 0x81, 0x02, 0x41, 0x42])
    #expect(ats.maximumFrame == 256)
    #expect(ats.bitRates.fromCard == [.kbps106, .kbps212, .kbps424, .kbps848])
    #expect(ats.bitRates.toCard == [.kbps106, .kbps212, .kbps424, .kbps848])
    #expect(ats.bitRates.sameBothWays)
    #expect(ats.frameWaitingTime == FrameWaitingTime(index: 8))
    #expect(ats.startUpFrameGuardTime == StartUpFrameGuardTime(index: 1))
    #expect(ats.supportsCID)
    #expect(!ats.supportsNAD)
    #expect(ats.historicalBytes == [0x41, 0x42])
  }

  @Test("TL alone means the standard's defaults")
  func lengthOnly() throws {
    let ats = try ATS(parsing: [0x01])
    #expect(ats.maximumFrame == 32)
    #expect(ats.bitRates == .basic)
    #expect(ats.frameWaitingTime == .standard)
    #expect(ats.startUpFrameGuardTime == .none)
    #expect(ats.supportsCID)
    #expect(!ats.supportsNAD)
    #expect(ats.historicalBytes.isEmpty)
  }

  @Test("A TL that is missing, zero or not the length received is refused")
  func wrongLength() {
    #expect(throws: ActivationError.atsMissing) { try ATS(parsing: []) }
    #expect(throws: ActivationError.atsLengthZero) { try ATS(parsing: [0x00]) }
    #expect(throws: ActivationError.atsLengthZero) { try ATS(parsing: [0x00, 0x78]) }
    #expect(throws: ActivationError.atsLengthMismatch(stated: 255, received: 5)) {
      try ATS(parsing: [0xFF, 0x78, 0x80, 0x81, 0x02])
    }
    #expect(throws: ActivationError.atsLengthMismatch(stated: 2, received: 3)) {
      try ATS(parsing: [0x02, 0x08, 0x00])
    }
  }

  @Test("Interface bytes that TL cuts off are refused")
  func truncatedInterface() throws {
    let whole: [UInt8] = [0x05, 0x78, 0x80, 0x81, 0x02]
    for count in 2..<whole.count {
      #expect(throws: ActivationError.atsInterfaceBytesMissing) {
        try ATS(parsing: [UInt8(count)] + whole[1..<count])
      }
    }
    #expect(throws: Never.self) { try ATS(parsing: whole) }
  }

  @Test("Each interface byte is found where T0 says", arguments: UInt8(0)...7)
  func interfaceBytes(present: UInt8) throws {
    var bytes: [UInt8] = [0x00, present << 4 | 0x05]
    if present & 1 != 0 { bytes.append(0x11) }
    if present & 2 != 0 { bytes.append(0x70) }
    if present & 4 != 0 { bytes.append(0x01) }
    bytes += [0xC1, 0xC2]
    bytes[0] = UInt8(bytes.count)
    let ats = try ATS(parsing: bytes)
    #expect(ats.maximumFrame == 64)
    #expect(ats.bitRates.toCard.contains(.kbps212) == (present & 1 != 0))
    #expect(ats.frameWaitingTime == FrameWaitingTime(index: present & 2 != 0 ? 7 : 4))
    #expect(ats.supportsNAD == (present & 4 != 0))
    #expect(ats.supportsCID == (present & 4 == 0))
    #expect(ats.historicalBytes == [0xC1, 0xC2])
  }

  @Test("FSCI gives the frame size; D to F are taken as C")
  func frameSizes() throws {
    let sizes = [16, 24, 32, 40, 48, 64, 96, 128, 256, 512, 1024, 2048, 4096, 4096, 4096, 4096]
    for (code, size) in sizes.enumerated() {
      #expect(try ATS(parsing: [0x02, UInt8(code)]).maximumFrame == size)
    }
  }

  @Test("Reserved FWI 15 is 4, reserved SFGI 15 is none")
  func reservedTimes() throws {
    let ats = try ATS(parsing: [0x03, 0x28, 0xFF])
    #expect(ats.frameWaitingTime == .standard)
    #expect(ats.startUpFrameGuardTime == .none)
  }

  @Test("TA(1) with its reserved bit set means 106 kbit/s only")
  func reservedBitRate() throws {
    #expect(try ATS(parsing: [0x03, 0x18, 0xFF]).bitRates == .basic)
  }

  @Test("Bit rates are told apart by direction")
  func directions() throws {
    let rates = try ATS(parsing: [0x03, 0x18, 0x41]).bitRates
    #expect(rates.fromCard == [.kbps106, .kbps848])
    #expect(rates.toCard == [.kbps106, .kbps212])
    #expect(!rates.sameBothWays)
  }
}

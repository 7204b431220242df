import SmartCard
import Testing

@Suite("Type A: ATQA, SAK, UID")
struct TypeATests {
  @Test("ATQA tells UID length and anticollision")
  func atqa() {
    #expect(ATQA(firstOnAir: 0x04, secondOnAir: 0x00).rawValue == 0x0004)
    #expect(ATQA(rawValue: 0x0004).uidLength == 4)
    #expect(ATQA(rawValue: 0x0344).uidLength == 7)
    #expect(ATQA(rawValue: 0x0081).uidLength == 10)
    #expect(ATQA(rawValue: 0x00C1).uidLength == nil)
    #expect(ATQA(rawValue: 0x0344).proprietaryCoding == 3)
    #expect(ATQA(rawValue: 0x0004).supportsBitFrameAnticollision)
    #expect(!ATQA(rawValue: 0x0000).supportsBitFrameAnticollision)
    #expect(!ATQA(rawValue: 0x0006).supportsBitFrameAnticollision)
  }

  @Test("SAK bits count only once the UID is complete")
  func sak() {
    #expect(SAK(rawValue: 0x20).isISO14443_4)
    #expect(SAK(rawValue: 0x28).isISO14443_4)
    #expect(!SAK(rawValue: 0x08).isISO14443_4)
    #expect(!SAK(rawValue: 0x24).isISO14443_4)
    #expect(!SAK(rawValue: 0x24).isUIDComplete)
    #expect(SAK(rawValue: 0x60).isNFCDEP)
    #expect(!SAK(rawValue: 0x64).isNFCDEP)
    #expect("\(SAK(rawValue: 0x20).name)" == "ISO 14443-4 card")
    for raw in 0...UInt8.max { #expect(SAK(rawValue: raw).name.utf8CodeUnitCount > 0) }
  }

  @Test("A UID has 4, 7 or 10 bytes")
  func uidLengths() throws {
    for count in 0...12 {
      let bytes = [UInt8](repeating: 0x04, count: count)
      if [4, 7, 10].contains(count) {
        #expect(try UID(bytes).bytes == bytes)
      } else {
        #expect(throws: ActivationError.uidLength(count)) { try UID(bytes) }
      }
    }
  }

  @Test("Four bytes that begin with 08 are random; longer ones are not")
  func random() throws {
    #expect(try UID([0x08, 1, 2, 3]).isRandom)
    #expect(try !UID([0x09, 1, 2, 3]).isRandom)
    #expect(try !UID([0x08, 1, 2, 3, 4, 5, 6]).isRandom)
  }

  @Test("Cascade tags stand before all but the last level and read back")
  func cascade() throws {
    let double = try UID([1, 2, 3, 4, 5, 6, 7])
    let triple = try UID([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    #expect(double.withCascadeTags == [0x88, 1, 2, 3, 4, 5, 6, 7])
    #expect(triple.withCascadeTags == [0x88, 1, 2, 3, 0x88, 4, 5, 6, 7, 8, 9, 10])
    for uid in [try UID([1, 2, 3, 4]), double, triple] {
      #expect(try UID(withCascadeTags: uid.withCascadeTags) == uid)
    }
  }

  @Test("A cascade tag missing or in the wrong place is refused")
  func wrongCascade() {
    #expect(throws: ActivationError.cascadeTagInUID) { try UID([0x88, 1, 2, 3]) }
    #expect(throws: ActivationError.cascadeTagInUID) {
      try UID(withCascadeTags: [1, 2, 3, 4, 5, 6, 7, 8])
    }
    #expect(throws: ActivationError.cascadeTagInUID) {
      try UID(withCascadeTags: [0x88, 1, 2, 3, 0x88, 4, 5, 6])
    }
    #expect(throws: ActivationError.uidLength(7)) {
      try UID(withCascadeTags: [0x88, 1, 2, 3, 4, 5, 6])
    }
  }
}

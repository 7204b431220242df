import SmartCard
import Testing

@Suite("Activation")
struct ActivationTests {
  private func typeA(sak: UInt8, uid: [UInt8], ats: [UInt8]?) throws -> Activation {
    .typeA(
      TypeAActivation(
        atqa: ATQA(rawValue: 0x0004), sak: SAK(rawValue: sak), uid: try UID(uid),
        ats: try ats.map { try ATS(parsing: $0) }))
  }

  @Test("A Type A card with ATS takes APDUs and gives its own times")
  func typeACard() throws {
    let card = try typeA(sak: 0x20, uid: [4, 1, 2, 3, 4, 5, 6], ats: [0x03, 0x25, 0xA0])
    #expect(card.isISODEP)
    #expect(card.maximumFrame == 64)
    #expect(card.frameWaitingTime == FrameWaitingTime(index: 10))
    #expect(card.uid == [4, 1, 2, 3, 4, 5, 6])
    #expect(!card.uidMayChange)
  }

  @Test("A memory card takes no APDUs and has the default times")
  func memoryCard() throws {
    let card = try typeA(sak: 0x08, uid: [1, 2, 3, 4], ats: nil)
    #expect(!card.isISODEP)
    #expect(card.maximumFrame == 32)
    #expect(card.frameWaitingTime == .standard)
    #expect(card.bitRates == .basic)
  }

  @Test("A SAK without ATS, or an ATS against the SAK, does not make a card take APDUs")
  func contradiction() throws {
    #expect(try !typeA(sak: 0x20, uid: [1, 2, 3, 4], ats: nil).isISODEP)
    #expect(try !typeA(sak: 0x08, uid: [1, 2, 3, 4], ats: [0x01]).isISODEP)
  }

  @Test("Random UIDs and PUPIs may change")
  func changingIdentity() throws {
    #expect(try typeA(sak: 0x20, uid: [0x08, 2, 3, 4], ats: [0x01]).uidMayChange)
    let atqb = try ATQB(parsing: [0x50, 1, 2, 3, 4, 0, 0, 0, 0, 0x00, 0x51, 0x90])
    let card = Activation.typeB(TypeBActivation(atqb: atqb))
    #expect(card.uidMayChange)
    #expect(card.uid == [1, 2, 3, 4])
    #expect(card.maximumFrame == 64)
    #expect(card.frameWaitingTime == FrameWaitingTime(index: 9))
    #expect(card.isISODEP)
  }
}

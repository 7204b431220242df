import Testing

@testable import Simulation

@Suite("Finding cards")
struct ChipSearchTests {
  private let singleSize: [UInt8] = [0x12, 0x34, 0x56, 0x78]
  private let doubleSize: [UInt8] = [0x04, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66]
  private let tripleSize: [UInt8] = [0x04, 1, 2, 3, 4, 5, 6, 7, 8, 9]

  private func host(_ cards: any VirtualCard...) -> SerialHost {
    var host = SerialHost(cards: cards)
    host.setRetries(2)
    return host
  }

  private func card(_ uid: [UInt8]) -> ScriptedCard {
    ScriptedCard(activation: .typeA(.isoDEP(uid: uid)))
  }

  @Test("A type A card is reported with ATQA, SAK, UID and ATS, whatever its UID's size")
  func typeA() {
    for uid in [singleSize, doubleSize, tripleSize] {
      var host = host(card(uid))
      let atqa: [UInt8] = [0x00, uid.count == 4 ? 0x04 : uid.count == 7 ? 0x44 : 0x84]
      let ats: [UInt8] = [0x05, 0x78, 0x80, 0x81, 0x00]
      let head: [UInt8] = [0x4B, 0x01, 0x01]
      #expect(host.listA() == head + atqa + [0x20, UInt8(uid.count)] + uid + ats)
    }
  }

  @Test("A UID given by the host, cascade tags and all, finds that card and no other")
  func byUID() {
    var host = host(card(singleSize), card(doubleSize), card(tripleSize))
    #expect(host.listA(uid: singleSize)?[7..<11].elementsEqual(singleSize) == true)
    #expect(host.listA(uid: [0x88] + doubleSize)?[7..<14].elementsEqual(doubleSize) == true)
    let cascaded = [0x88] + tripleSize[0..<3] + [0x88] + tripleSize[3...]
    #expect(host.listA(uid: cascaded)?[7..<17].elementsEqual(tripleSize) == true)
    #expect(host.listA(uid: [9, 9, 9, 9]) == [0x4B, 0x00])
  }

  @Test("Two cards are told apart, the one with the first differing bit set comes first")
  func anticollision() {
    var host = host(card([0x10, 0, 0, 0]), card([0x11, 0, 0, 0]))
    let found = host.listA(maximum: 2)
    #expect(found?.prefix(3) == [0x4B, 0x02, 0x01])
    #expect(found?[7] == 0x11)
    #expect(found?[16] == 0x02)
    #expect(found?[21] == 0x10)
  }

  @Test("Two cards of one UID look like one")
  func equalUIDs() {
    var host = host(card(singleSize), card(singleSize))
    #expect(host.listA(maximum: 2)?.prefix(2) == [0x4B, 0x01])
  }

  @Test("A lone card is usable after a search for two")
  func loneCardOfTwo() {
    var host = host(ScriptedCard(respond: { CardAnswer($0) }))
    #expect(host.listA(maximum: 2)?.prefix(2) == [0x4B, 0x01])
    #expect(host.exchange([1, 2, 3]) == [0x41, 0x00, 1, 2, 3])
  }

  @Test("Both of two cards can be addressed in turn")
  func alternating() {
    let first = ScriptedCard(
      activation: .typeA(.isoDEP(uid: [0x11, 0, 0, 0])), respond: { _ in CardAnswer([0xAA]) })
    let second = ScriptedCard(
      activation: .typeA(.isoDEP(uid: [0x10, 0, 0, 0])), respond: { _ in CardAnswer([0xBB]) })
    var host = host(first, second)
    _ = host.listA(maximum: 2)
    #expect(host.exchange([0], target: 1) == [0x41, 0x00, 0xAA])
    #expect(host.exchange([0], target: 2) == [0x41, 0x00, 0xBB])
    #expect(host.exchange([0], target: 1) == [0x41, 0x00, 0xAA])
  }

  @Test("Without automatic RATS there is no ATS, and the card stays in layer 3")
  func withoutRATS() {
    var host = host(card(singleSize))
    host.command([0x12, 0x00])
    #expect(host.listA() == [0x4B, 0x01, 0x01, 0x00, 0x04, 0x20, 0x04] + singleSize)
  }

  @Test("A random UID is another one each time the field comes on")
  func randomUID() {
    var activation = TypeAActivation.isoDEP(uid: singleSize)
    activation.drawsRandomUID = true
    var host = host(ScriptedCard(activation: .typeA(activation)))
    var seen: Set<[UInt8]> = []
    for _ in 0..<4 {
      let uid = host.listA().map { Array($0[7..<11]) } ?? []
      #expect(uid.first == 0x08)
      seen.insert(uid)
      host.command([0x32, 0x01, 0x00])
    }
    #expect(seen.count > 1)
  }

  @Test("A type B card is reported with ATQB and the answer to ATTRIB")
  func typeB() {
    var host = host(ScriptedCard(activation: .typeB(TypeBActivation())))
    #expect(
      host.command([0x4A, 0x01, 0x03, 0x00])
        == .init(hex: "4b0101 501b3c5d7e00000000008181 0101"))
    #expect(host.listA() == [0x4B, 0x00])
  }

  @Test("FeliCa and Jewel polls find nothing")
  func others() {
    var host = host(card(singleSize))
    #expect(host.command([0x4A, 1, 1, 0, 0xFF, 0xFF, 0, 0]) == [0x4B, 0x00])
    #expect(host.command([0x4A, 1, 2, 0, 0xFF, 0xFF, 0, 0]) == [0x4B, 0x00])
    #expect(host.command([0x4A, 1, 4]) == [0x4B, 0x00])
  }

  @Test("A search with retries takes a failed try for each")
  func retries() {
    var host = host()
    host.setRetries(9)
    let start = host.now
    #expect(host.listA() == [0x4B, 0x00])
    #expect(host.now - start == .milliseconds(50))
  }

  @Test("A deselected card gives way to its neighbour and is found again when it is alone")
  func deselected() {
    var host = host(card([0x11, 0, 0, 0]), card([0x10, 0, 0, 0]))
    #expect(host.listA()?[7] == 0x11)
    #expect(host.command([0x44, 0x00]) == [0x45, 0x00])
    #expect(host.listA()?[7] == 0x10)
    host.command([0x44, 0x00])
    #expect(host.listA()?.prefix(2) == [0x4B, 0x01])
    host.setRetries(0)
    host.command([0x44, 0x00])
    #expect(host.listA() == [0x4B, 0x00])
  }

  // MARK: InAutoPoll

  @Test("Automatic polling reports type, length and data")
  func autoPoll() {
    var host = host(card(singleSize))
    #expect(
      host.command([0x60, 0x01, 0x01, 0x20, 0x23])
        == .init(hex: "6101 20 0e 01 0004 20 04 12345678 0578808100"))
  }

  @Test("Automatic polling for layer 4 passes by a card without it")
  func autoPollDemandsLayer4() {
    var host = host(MIFAREClassicCard())
    #expect(host.command([0x60, 0x01, 0x01, 0x20]) == [0x61, 0x00])
    #expect(host.command([0x60, 0x01, 0x01, 0x10])?.prefix(3) == [0x61, 0x01, 0x10])
  }

  @Test("Counted polling gives up after its periods, one for each type and round")
  func autoPollCount() {
    var host = host()
    let start = host.now
    #expect(host.command([0x60, 0x03, 0x02, 0x20, 0x23]) == [0x61, 0x00])
    #expect(host.now - start == .milliseconds(3 * 2 * 2 * 150))
  }

  @Test("A card that comes is found at its type's next turn")
  func autoPollArrival() {
    var host = host()
    let start = host.now
    host.write(SerialHost.frame([0x60, 0xFF, 0x01, 0x23, 0x20]))
    #expect(host.serial.nextEvent == nil)
    #expect(host.pass(.milliseconds(200)).isEmpty)
    host.serial.chip.insert(card(singleSize), at: host.now)
    host.serial.fieldChanged(at: host.now)
    #expect(host.serial.nextEvent == start + .milliseconds(450))
    #expect(SerialHost.answer(host.finish())?.prefix(3) == [0x61, 0x01, 0x20])
  }

  @Test("Without a field no card hears anything, and with it every card starts anew")
  func fieldOff() {
    var field = RadioField(timing: .unpaced)
    field.insert(card(singleSize))
    let request = AirFrame(technology: .a, bytes: [ProximityCard.requestA], lastBits: 7)
    #expect(field.transmit(request).isEmpty)
    field.switchOn()
    #expect(field.transmit(request) == [AirAnswer(bytes: [0x04, 0x00])])
    #expect(field.transmit(request).isEmpty)
    field.switchOff()
    #expect(field.transmit(request).isEmpty)
    field.switchOn()
    #expect(field.transmit(request).count == 1)
  }

  // MARK: Hostile cards

  @Test("Hostile activation data reach the host as they are", arguments: HostileActivation.all)
  func hostile(_ name: String, _ activation: CardActivation) {
    var host = host(ScriptedCard(activation: activation))
    let (command, reported): ([UInt8], [UInt8]?) =
      switch activation {
      case .typeA(let activation): ([0x4A, 0x01, 0x00], activation.reportedData)
      case .typeB(let activation): ([0x4A, 0x01, 0x03, 0x00], activation.reportedData)
      }
    #expect(reported != nil)
    #expect(host.command(command) == [0x4B, 0x01, 0x01] + (reported ?? []))
  }
}

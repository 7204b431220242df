import Testing

@testable import Simulation

@Suite("Card programs over vpcd's protocol")
struct VirtualReaderTests {
  @Test("A card program that connects is in the field until it goes")
  func roundTrip() throws {
    let reader = try SimulatedReader()
    defer { reader.stop() }
    let port = try CardProgramPort(reader: reader, port: 0)
    defer { port.stop() }
    let program = try VPCDCard(
      ScriptedCard { CardAnswer($0.reversed() + [0x90, 0x00]) }, port: port.port)
    let card = try #require(wait { reader.cards.first })
    #expect(card.process([1, 2, 3]).bytes == [3, 2, 1, 0x90, 0x00])
    card.powerUp()
    #expect(card.process([4, 5]).bytes == [5, 4, 0x90, 0x00])
    program.stop()
    #expect(wait { reader.cards.isEmpty ? true : nil } == true)
    #expect(card.process([1, 2]).bytes == nil)
  }

  @Test("After one program another may come")
  func succession() throws {
    let reader = try SimulatedReader()
    defer { reader.stop() }
    let port = try CardProgramPort(reader: reader, port: 0)
    defer { port.stop() }
    for answer: UInt8 in 1...3 {
      let program = try VPCDCard(ScriptedCard { _ in CardAnswer([answer]) }, port: port.port)
      let card = try #require(wait { reader.cards.first })
      #expect(card.process([0, 0]).bytes == [answer])
      program.stop()
      #expect(wait { reader.cards.isEmpty ? true : nil } == true)
    }
  }

  @Test("The answer to reset is the one PC/SC makes for the activation")
  func answerToReset() {
    let typeA = VPCDCard.answerToReset(
      .typeA(.isoDEP(ats: [0x08, 0x78, 0x80, 0x81, 0x00, 0x41, 0x42, 0x43])))
    #expect(typeA == .init(hex: "3b 83 80 01 41 42 43 42"))
    let typeB = VPCDCard.answerToReset(.typeB(TypeBActivation()))
    #expect(typeB == .init(hex: "3b 88 80 01 00000000 008181 00 09"))
  }

  /// Looks until something is there, for ten seconds at most.
  private func wait<Value>(_ look: () -> Value?) -> Value? {
    let deadline = MonotonicClock.now + .seconds(10)
    while MonotonicClock.now < deadline {
      if let value = look() { return value }
      Waiting.untilReadable([], or: MonotonicClock.now + .milliseconds(2))
    }
    return nil
  }
}

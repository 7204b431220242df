import SmartCard
import Testing

@Suite("Hexadecimal")
struct HexadecimalTests {
  @Test("Every byte reads back from its two digits, in either case")
  func roundTrip() {
    for byte in 0...UInt8.max {
      let text = Hexadecimal.text([byte])
      #expect(Hexadecimal.bytes(text) == [byte])
      #expect(Hexadecimal.bytes(text.lowercased()) == [byte])
    }
    #expect(Hexadecimal.text([0x00, 0xA4, 0xFF]) == "00A4FF")
  }

  @Test("Separators stand between bytes only")
  func separators() {
    #expect(Hexadecimal.bytes("00 a4:04-00") == [0x00, 0xA4, 0x04, 0x00])
    #expect(Hexadecimal.bytes("") == [])
    #expect(Hexadecimal.bytes("0 0A4") == nil)
    #expect(Hexadecimal.bytes("00A") == nil)
    #expect(Hexadecimal.bytes("0x00") == nil)
    #expect(Hexadecimal.bytes("０0") == nil)
    #expect(Hexadecimal.bytes("0G") == nil)
  }
}

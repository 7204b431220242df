import SmartCard
import Testing

@Suite("Response APDU")
struct ResponseAPDUTests {
  @Test("A response shorter than a status word is refused", arguments: [0, 1])
  func tooShort(count: Int) {
    #expect(throws: APDUError.responseTooShort(count: count)) {
      try ResponseAPDU(parsing: [UInt8](repeating: 0x90, count: count))
    }
  }

  @Test("Two bytes are a status word without data")
  func statusOnly() throws {
    let response = try ResponseAPDU(parsing: [0x6A, 0x82])
    #expect(response.data.isEmpty)
    #expect(response.statusWord == .fileOrApplicationNotFound)
  }

  @Test("The last two bytes are the status word, all before is data")
  func dataAndStatus() throws {
    let response = try ResponseAPDU(parsing: [0x90, 0x00, 0x61, 0x10])
    #expect(response == ResponseAPDU(data: [0x90, 0x00], statusWord: StatusWord(0x6110)))
    #expect(response.encoded() == [0x90, 0x00, 0x61, 0x10])
  }

  @Test("65,536 data bytes are an answer, one more is refused")
  func limit() throws {
    var bytes = [UInt8](repeating: 0xAA, count: 65_536) + [0x90, 0x00]
    #expect(try ResponseAPDU(parsing: bytes).data.count == 65_536)
    bytes.append(0x00)
    #expect(throws: APDUError.responseTooLong(count: 65_539)) { try ResponseAPDU(parsing: bytes) }
  }

  @Test("A response's description does not show its data")
  func dataHidden() {
    let response = ResponseAPDU(data: [0xC0, 0xDE], statusWord: .success)
    #expect("\(response)" == "9000, 2 data bytes")
    #expect(!String(reflecting: response).contains("192"))
  }
}

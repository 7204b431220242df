import SmartCard
import Testing

@Suite("Command APDU")
struct CommandAPDUTests {
  private func command(data: Int, expectedLength: Int?) -> CommandAPDU {
    let bytes = (0..<data).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ 1) }
    return CommandAPDU(
      cla: 0x00, ins: 0xA4, p1: 0x04, p2: 0x00, data: bytes, expectedLength: expectedLength)
  }

  @Test("Case 1 is the header alone, in every mode")
  func case1() throws {
    for mode in [ExtendedLength.never, .whenNeeded, .always] {
      #expect(
        try command(data: 0, expectedLength: nil).encoded(extended: mode)
          == [0x00, 0xA4, 0x04, 0x00])
    }
  }

  @Test("Short cases 2, 3 and 4 have the standard's bytes")
  func shortCases() throws {
    #expect(
      try command(data: 0, expectedLength: 16).encoded() == [0x00, 0xA4, 0x04, 0x00, 0x10])
    #expect(
      try command(data: 0, expectedLength: 256).encoded() == [0x00, 0xA4, 0x04, 0x00, 0x00])
    #expect(
      try command(data: 2, expectedLength: nil).encoded()
        == [0x00, 0xA4, 0x04, 0x00, 0x02, 0x01, 0x08])
    #expect(
      try command(data: 2, expectedLength: 256).encoded()
        == [0x00, 0xA4, 0x04, 0x00, 0x02, 0x01, 0x08, 0x00])
  }

  @Test("Extended cases 2, 3 and 4 have the standard's bytes")
  func extendedCases() throws {
    #expect(
      try command(data: 0, expectedLength: 65_536).encoded()
        == [0x00, 0xA4, 0x04, 0x00, 0x00, 0x00, 0x00])
    #expect(
      try command(data: 0, expectedLength: 257).encoded()
        == [0x00, 0xA4, 0x04, 0x00, 0x00, 0x01, 0x01])
    #expect(
      try command(data: 2, expectedLength: nil).encoded(extended: .always)
        == [0x00, 0xA4, 0x04, 0x00, 0x00, 0x00, 0x02, 0x01, 0x08])
    #expect(
      try command(data: 1, expectedLength: 65_536).encoded()
        == [0x00, 0xA4, 0x04, 0x00, 0x00, 0x00, 0x01, 0x01, 0x00, 0x00])
    #expect(
      try command(data: 256, expectedLength: nil).encoded().prefix(8)
        == [0x00, 0xA4, 0x04, 0x00, 0x00, 0x01, 0x00, 0x01])
  }

  @Test("Every boundary of data length and Ne reads back as written")
  func roundTrip() throws {
    for data in [0, 1, 2, 254, 255, 256, 257, 65_534, 65_535] {
      for expected in [nil, 1, 2, 255, 256, 257, 65_535, 65_536] as [Int?] {
        let original = command(data: data, expectedLength: expected)
        for mode in [ExtendedLength.whenNeeded, .always] {
          let bytes = try original.encoded(extended: mode)
          #expect(try CommandAPDU(parsing: bytes) == original, "data \(data), Ne \(expected ?? 0)")
        }
      }
    }
  }

  @Test("A command that needs extended length is refused where only short is allowed")
  func extendedNotAllowed() {
    for (data, expected) in [(256, nil), (0, 257), (255, 65_536)] as [(Int, Int?)] {
      #expect(throws: APDUError.extendedLengthNotAllowed) {
        try command(data: data, expectedLength: expected).encoded(extended: .never)
      }
    }
    #expect(throws: Never.self) {
      try command(data: 255, expectedLength: 256).encoded(extended: .never)
    }
  }

  @Test("Lengths that no field can hold are refused")
  func unencodable() {
    #expect(throws: APDUError.dataTooLong(count: 65_536)) {
      try command(data: 65_536, expectedLength: nil).encoded()
    }
    for expected in [0, -1, 65_537, Int.min, Int.max] {
      #expect(throws: APDUError.expectedLengthOutOfRange(expected)) {
        try command(data: 0, expectedLength: expected).encoded()
      }
    }
  }

  @Test("Fewer than four bytes are no command", arguments: 0...3)
  func tooShort(count: Int) {
    #expect(throws: APDUError.commandTooShort(count: count)) {
      try CommandAPDU(parsing: [UInt8](repeating: 0, count: count))
    }
  }

  @Test(
    "A length field that disagrees with the bytes is refused",
    arguments: [
      "00A40400 02 01", "00A40400 02 010203 04", "00A40400 00 00", "00A40400 00 0000 00",
      "00A40400 00 0001", "00A40400 00 0002 01", "00A40400 00 0001 01 00",
      "00A40400 00 0001 01 000000", "00A40400 00 0000 0000", "00A40400 FF 00",
    ])
  func mismatch(text: String) throws {
    let bytes = try #require(Hexadecimal.bytes(text))
    // 7 bytes with a leading zero are case 2E, which is well formed.
    if bytes.count == 7 {
      #expect(try CommandAPDU(parsing: bytes).expectedLength == 1)
    } else {
      #expect(throws: APDUError.lengthFieldMismatch) { try CommandAPDU(parsing: bytes) }
    }
  }

  @Test("A command's description and dump do not show its data")
  func dataHidden() {
    let secret = CommandAPDU(cla: 0, ins: 3, p1: 0, p2: 0, data: [0xDE, 0xAD, 0xBE, 0xEF])
    var dumped = ""
    dump(secret, to: &dumped)
    for text in ["\(secret)", String(reflecting: secret), dumped] {
      #expect(!text.contains("DEADBEEF") && !text.contains("222"), "\(text)")
    }
    #expect("\(secret)" == "00030000, 4 data bytes")
  }
}

import SmartCard
import Testing

@Suite("BER-TLV")
struct TLVTests {
  @Test("Tags of one, two and three bytes read and write alike")
  func tags() throws {
    for (tag, bytes) in [
      (0x71, [0x71]), (0x5F2D, [0x5F, 0x2D]), (0x7F8201, [0x7F, 0x82, 0x01]),
      (0xFF1F, [0xFF, 0x1F]), (0x01, [0x01]),
    ] as [(TLV.Tag, [UInt8])] {
      var reader = TLVReader(bytes)
      #expect(try reader.tag() == tag)
      var writer = TLVWriter()
      writer.append(tag)
      #expect(writer.bytes == bytes)
    }
    #expect(TLV.Tag(rawValue: 0x7F49).isConstructed)
    #expect(!TLV.Tag(rawValue: 0x5F2D).isConstructed)
    #expect(TLV.Tag(rawValue: 0x7F8201).isConstructed)
  }

  @Test(
    "Tags the standard rules out are refused",
    arguments: [[0x00], [0x1F, 0x00], [0x5F, 0x1E], [0x5F, 0x80, 0x01], [0x5F, 0x81, 0x80]]
      as [[UInt8]])
  func invalidTags(bytes: [UInt8]) {
    var reader = TLVReader(bytes + [0x00])
    #expect(throws: TLVError.invalidTag) { try reader.tag() }
    #expect(reader.position == 0)
  }

  @Test("Lengths use the shortest form at every boundary, and read back")
  func lengths() throws {
    for (count, field) in [
      (0, [0x00]), (1, [0x01]), (127, [0x7F]), (128, [0x81, 0x80]), (255, [0x81, 0xFF]),
      (256, [0x82, 0x01, 0x00]), (65_535, [0x82, 0xFF, 0xFF]), (65_536, [0x83, 0x01, 0x00, 0x00]),
    ] as [(Int, [UInt8])] {
      let object = TLV(0x71, [UInt8](repeating: 0x55, count: count))
      let bytes = object.encoded()
      #expect(Array(bytes[1..<1 + field.count]) == field)
      #expect(try TLV.sequence(bytes) == [object])
    }
  }

  @Test("A length longer than needed is read")
  func longForm() throws {
    #expect(try TLV.sequence([0x71, 0x81, 0x01, 0xAA]) == [TLV(0x71, [0xAA])])
    #expect(try TLV.sequence([0x71, 0x84, 0, 0, 0, 1, 0xAA]) == [TLV(0x71, [0xAA])])
  }

  @Test("Indefinite and oversized length fields are refused")
  func refusedLengths() {
    #expect(throws: TLVError.indefiniteLength) { try TLV.sequence([0x71, 0x80, 0x00, 0x00]) }
    #expect(throws: TLVError.invalidLength) {
      try TLV.sequence([0x71, 0x85, 0, 0, 0, 0, 1, 0xAA])
    }
    #expect(throws: TLVError.invalidLength) { try TLV.sequence([0x71, 0xFF]) }
  }

  @Test("Bytes cut anywhere inside an object are refused, and the cursor stays")
  func truncated() throws {
    let whole = TLV(0x7F49, [UInt8](repeating: 1, count: 200)).encoded()
    for count in 1..<whole.count {
      var reader = TLVReader(Array(whole[..<count]))
      #expect(throws: TLVError.truncated) { try reader.object() }
      #expect(reader.position == 0)
      #expect(throws: TLVError.truncated) { try reader.value(of: 0x7F49) }
      #expect(reader.position == 0)
    }
  }

  @Test("The greatest length a field can state is refused, not reserved")
  func hugeLength() {
    #expect(throws: TLVError.truncated) {
      try TLV.sequence([0x71, 0x84, 0xFF, 0xFF, 0xFF, 0xFF, 0x00])
    }
  }

  @Test("More objects than allowed are refused")
  func count() throws {
    let bytes = [UInt8](repeating: 0, count: 512).enumerated().map {
      $0.offset % 2 == 0 ? 0x01 : $0.element
    }
    #expect(try TLV.sequence(bytes, maximumCount: 256).count == 256)
    #expect(throws: TLVError.tooManyObjects(limit: 255)) {
      try TLV.sequence(bytes, maximumCount: 255)
    }
    #expect(try TLV.sequence([], maximumCount: 0).isEmpty)
  }

  @Test("Nested objects open one level at a time")
  func nested() throws {
    let inner = TLV(0x71, [0x01, 0x02])
    let outer = TLV(0x7F49, inner.encoded() + inner.encoded())
    let read = try TLV.sequence(outer.encoded())
    #expect(read == [outer])
    #expect(try read[0].children() == [inner, inner])
    #expect(throws: TLVError.truncated) { try inner.children() }
  }

  @Test("A cursor reads formats that leave out the length")
  func cursor() throws {
    var writer = TLVWriter()
    writer.append(0x71, [0x61])
    writer.append(0x78)
    writer.append(raw: [0x02])
    writer.append(TLV(0x7A, [0, 0, 0, 1]))
    #expect(writer.bytes == [0x71, 0x01, 0x61, 0x78, 0x02, 0x7A, 0x04, 0, 0, 0, 1])

    var reader = TLVReader(writer.bytes)
    #expect(try reader.value(of: 0x71) == [0x61])
    #expect(reader.peek() == 0x78)
    #expect(try reader.tag() == 0x78)
    #expect(try reader.byte() == 0x02)
    #expect(reader.remaining == 6)
    #expect(throws: TLVError.unexpectedTag(expected: 0x71, found: 0x7A)) {
      try reader.value(of: 0x71)
    }
    #expect(try reader.object() == TLV(0x7A, [0, 0, 0, 1]))
    #expect(reader.isAtEnd)
    #expect(reader.peek() == nil)
    #expect(throws: TLVError.truncated) { try reader.byte() }
    #expect(throws: TLVError.truncated) { try reader.bytes(1) }
    #expect(throws: TLVError.truncated) { try reader.bytes(-1) }
    #expect(try reader.bytes(0).isEmpty)
  }
}

import Testing

@testable import CenterClient

@Suite("An event stream")
struct EventStreamParserTests {
  private func events(_ text: String) throws -> [ServerSentEvent] {
    var parser = EventStreamParser()
    return try parser.read(Array(text.utf8))
  }

  @Test("An event ends with an empty line, however lines end", arguments: ["\n", "\r", "\r\n"])
  func lineEnds(end: String) throws {
    let lines = ["id: 7", "event: card-withdrawn", "data: {}", "", "data: next", "", ""]
    #expect(
      try events(lines.joined(separator: end)) == [
        ServerSentEvent(id: "7", name: "card-withdrawn", data: "{}"),
        ServerSentEvent(id: "7", name: "message", data: "next"),
      ])
  }

  @Test("Data on several lines is one text; one blank after the colon is not part of it")
  func fields() throws {
    #expect(
      try events("data: a\ndata:b\ndata:  c\ndata\n\n") == [
        ServerSentEvent(data: "a\nb\n c\n")
      ])
  }

  @Test("Comments, unknown fields and events without data are passed over")
  func ignored() throws {
    #expect(try events(": ping\n\nevent: x\n\nwhat: ever\n\nid: 1\n\n:\n").isEmpty)
  }

  @Test("An id with a NUL is not taken, and a byte order mark is no part of the first line")
  func oddities() throws {
    #expect(
      try events("\u{FEFF}id: 4\nid: 5\0\ndata: x\n\n") == [ServerSentEvent(id: "4", data: "x")])
  }

  @Test("An event that the stream broke off is none")
  func brokenOff() throws {
    #expect(try events("data: x\n").isEmpty)
    #expect(try events("data: x").isEmpty)
  }

  @Test("The pieces it comes in make no difference")
  func pieces() throws {
    let text = Array("id: 1\r\ndata: é\r\n\r\n: c\r\rretry: 250\ndata: y\n\n".utf8)
    let whole = try events(String(decoding: text, as: UTF8.self))
    for cut in 0...text.count {
      var parser = EventStreamParser()
      var found = try parser.read(text[..<cut])
      found += try parser.read(text[cut...])
      #expect(found == whole, "cut at \(cut)")
      #expect(parser.retryMilliseconds == 250)
    }
  }

  @Test("A line or an event without end is given up within its bound")
  func bounds() {
    var parser = EventStreamParser()
    #expect(throws: EventStreamError.tooLong) {
      try parser.read(repeatElement(0x61, count: EventStreamParser.maximumByteCount + 1))
    }
    parser = EventStreamParser()
    let line = Array("data: \(String(repeating: "a", count: 1000))\n".utf8)
    #expect(throws: EventStreamError.tooLong) {
      for _ in 0..<100 { _ = try parser.read(line) }
    }
  }

  @Test("Any bytes are events or a refusal, never a crash")
  func anyBytes() {
    var generator = SplitMix64(state: 41)
    let pieces: [[UInt8]] = [
      Array("data:".utf8), Array("id:".utf8), Array("retry:".utf8), [0x0A], [0x0D], [0x3A], [0],
      [0xFF], [0xC3], Array("99999999999999999999".utf8), Array(" ".utf8),
    ]
    for _ in 0..<20_000 {
      var parser = EventStreamParser()
      for _ in 0..<Int.random(in: 0..<12, using: &generator) {
        _ = try? parser.read(pieces.randomElement(using: &generator) ?? [])
      }
    }
  }
}

/// A generator that gives the same numbers every time.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }
}

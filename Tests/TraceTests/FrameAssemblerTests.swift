import SmartCard
import TestMaterial
import Testing

@testable import Trace

@Suite("From frames to what was said")
struct FrameAssemblerTests {
  private static let select = hex("00a4040007a0000005272101")

  /// Frames as `>` to the card or `<` from it and hexadecimal, a checksum of Type A added; `=` in
  /// front means none; `+` and `-` are the field.
  private func frames(_ lines: [String]) -> [AirFrame] {
    lines.map { line in
      let bytes = hex(line.filter { $0.isHexDigit })
      switch (line.first, line.contains("=")) {
      case ("+", _): return AirFrame(.fieldOn)
      case ("-", _): return AirFrame(.fieldOff)
      case (">", true): return AirFrame(.toCard, bytes)
      case (">", false): return AirFrame(.toCard, bytes, .typeA)
      case (_, true): return AirFrame(.fromCard, bytes)
      case (_, false): return AirFrame(.fromCard, bytes, .typeA)
      }
    }
  }

  private func events(_ frames: [AirFrame]) -> [TraceEvent] {
    var assembler = FrameAssembler()
    return frames.flatMap { assembler.take($0) } + assembler.finish()
  }

  private func events(_ lines: String...) -> [TraceEvent] { events(frames(lines)) }

  @Test("What a trace took down comes out as it went in", arguments: [16, 64, 256])
  func roundTrip(frameSize: Int) throws {
    for card in [try Cards.typeA(), try Cards.typeB()] {
      var trace = AirTrace(masking: .none, readerFrameSizeCode: frameSize == 16 ? 0 : 5)
      let long = [0x00, 0x01, 0x00, 0x00, 200] + [UInt8](repeating: 0x5A, count: 200)
      let told: [TraceEvent] = [
        .activated(card), .command(Self.select), .response(hex("9000")), .command(long),
        .response([UInt8](repeating: 1, count: 300) + [0x61, 0x05]), .command(hex("00a50000")),
        .response(hex("01020304059000")), .command(hex("00a50000")), .lost, .activated(card),
        .command(Self.select), .response(hex("6a82")), .lost,
      ]
      var written: [AirFrame] = []
      for event in told {
        switch event {
        case .activated(let card): written += trace.activated(card)
        case .command(let apdu): written += trace.command(apdu)
        case .response(let apdu): written += trace.response(apdu)
        default: written += trace.lost()
        }
      }
      #expect(events(written) == told)
    }
  }

  @Test("A card without ISO-DEP, and one that was never asked for its ATS, are cards as well")
  func incomplete() throws {
    let classic = TypeAActivation(
      atqa: ATQA(rawValue: 0x0004), sak: SAK(rawValue: 0x08), uid: try UID([1, 2, 3, 4]))
    let begun = [">=26", "<=0400", ">=9320", "<=0102030404", "> 9370 0102030404"]
    #expect(events(frames(begun + ["< 08", "> 6000"])).first == .activated(.typeA(classic)))
    var quiet = classic
    quiet.sak = SAK(rawValue: 0x20)
    #expect(events(frames(begun + ["< 20"])) == [.activated(.typeA(quiet))])
    #expect(events(frames(begun + ["< 20", "> 5000"])) == [.activated(.typeA(quiet))])
    #expect(events(frames(begun + ["< 20", "-"])) == [.activated(.typeA(quiet)), .lost])
    #expect(
      events(frames(begun + ["< 20", ">=52", "<=0400"])) == [.activated(.typeA(quiet))])
  }

  @Test("An activation that breaks the standard is said so")
  func broken() throws {
    let begun = [">=26", "<=0400", "> 9370 0102030404", "< 20", "> e050"]
    #expect(
      events(frames(begun + ["< ff78"])).last
        == .note("its ATS cannot be read: \(ActivationError.atsLengthByteForTest)"))
    #expect(
      events(">=26", "<=0400", "> 9370 8801020388", "< 20")
        == [.note("a UID that breaks the standard, 88010203")])
    #expect(events(">=26", "<=040000") == [.note("an ATQA of 3 bytes")])
    #expect(
      events(">=26", "<=0400", "> 9370 0102030404", "<=2001") == [.note(AirFrame.wrongChecksum)])
  }

  @Test("Repeats, waiting time extensions, presence checks and DESELECT are no APDUs")
  func protocolFrames() {
    #expect(
      events(
        "+", "> 02 00a10000", "> 02 00a10000", "< f2 0a", "> f2 0a", "< 02 9000", "> b2",
        "< 02 9000",
        "> b3", "< a2", "> 03 00a10000", "< 03 7200", "> 02", "< 02", "> c2", "< c2", "-")
        == [
          .command(hex("00a10000")),
          .note("the card asks for 10 times its waiting time (S(WTX))"),
          .response(hex("9000")), .command(hex("00a10000")), .response(hex("7200")), .lost,
        ])
  }

  @Test("A repeated block of a chain is taken once")
  func repeatedChain() {
    #expect(
      events(
        "> 12 00a4", "> 12 00a4", "< a2", "> 13 0400", "< b2", "< a2", "> 13 0400", "< a3",
        "> 02 00",
        "< 12 01", "> b2", "< 12 01", "> a3", "< 13 01", "> a2", "< 02 9000")
        == [.command(hex("00a4040000")), .response(hex("01019000"))])
  }

  @Test("A CID and a NAD are no part of the APDU")
  func prologue() {
    #expect(
      events("> 0a 01 00a10000", "< 0a 01 9000", "> 0f 01 22 00a20000", "< 0b 01 6d00")
        == [
          .command(hex("00a10000")), .response(hex("9000")), .command(hex("00a20000")),
          .response(hex("6d00")),
        ])
  }

  @Test("Frames whose checksums were left out are taken as they are")
  func withoutChecksum() {
    let frames = [
      AirFrame(.toCardWithoutCRC, hex("0200a10000")), AirFrame(.fromCardWithoutCRC, hex("029000")),
    ]
    #expect(events(frames) == [.command(hex("00a10000")), .response(hex("9000"))])
  }

  @Test("What broke off is said so")
  func brokenOff() {
    #expect(
      events("> 02 00a10000", "< 12 0102", "> 03 00a10000", "< 03 9000")
        == [
          .command(hex("00a10000")), .note("an answer broke off after 2 bytes"),
          .command(hex("00a10000")), .response(hex("9000")),
        ])
    #expect(
      events("> 12 00a4", "< a2", "-") == [.note("a command broke off after 2 bytes")])
  }

  @Test("Damaged and foreign frames are noted, and the rest goes on")
  func foreign() {
    #expect(
      events(">=02000000", "<=029000", "> 3004", "< 00112233", "> 02 00a10000")
        == [
          .note("a frame of the reader with a wrong checksum"), .note(AirFrame.wrongChecksum),
          .note("a frame of the reader that is no block: 30, 2 bytes"),
          .note("a frame of the card that is no block: 00, 4 bytes"), .command(hex("00a10000")),
        ])
  }

  @Test("A chain without end is cut")
  func endless() {
    let part = String(repeating: "5a", count: 60)
    let chain = (0..<3000).map { "< 1\($0.isMultiple(of: 2) ? 2 : 3) \(part)" }
    let acknowledged = chain.enumerated().flatMap {
      [$0.element, "> a\($0.offset.isMultiple(of: 2) ? 3 : 2)"]
    }
    let told = events(frames(["> 02 00a10000"] + acknowledged))
    #expect(told.contains(.note("a chain of blocks is longer than any APDU")))
    #expect(told.count < 6)
  }
}

extension ActivationError {
  /// What is said of an ATS that states 255 bytes and has two.
  static var atsLengthByteForTest: StaticString {
    do throws(ActivationError) {
      _ = try ATS(parsing: [0xFF, 0x78])
      return ""
    } catch {
      return error.explanation
    }
  }
}

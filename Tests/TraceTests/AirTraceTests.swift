import SmartCard
import TestMaterial
import Testing

@testable import Trace

@Suite("Frames on the air")
struct AirTraceTests {
  /// Frames as the event byte and the bytes in hexadecimal.
  private func lines(_ frames: [AirFrame]) -> [String] {
    frames.map { hex([$0.event.rawValue]) + " " + hex($0.bytes) }
  }

  /// The same, without the CRC that ends each frame.
  private func blocks(_ frames: [AirFrame]) -> [String] {
    frames.map { hex([$0.event.rawValue]) + " " + hex($0.bytes.dropLast(2)) }
  }

  @Test("Checksums are those of ISO/IEC 14443-3, annex B")
  func checksums() {
    #expect(FrameChecksum.typeA.bytes(of: [0x00, 0x00]) == [0xA0, 0x1E])
    #expect(FrameChecksum.typeA.bytes(of: [0x12, 0x34]) == [0x26, 0xCF])
    #expect(FrameChecksum.typeB.bytes(of: [0x00, 0x00, 0x00]) == [0xCC, 0xC6])
    #expect(FrameChecksum.typeB.bytes(of: [0x0F, 0xAA, 0xFF]) == [0xFC, 0xD1])
    #expect(FrameChecksum.typeB.bytes(of: [0x0A, 0x12, 0x34, 0x56]) == [0x2C, 0xF6])
    // HLTA, as every trace of a card shows it.
    #expect(FrameChecksum.typeA.bytes(of: [0x50, 0x00]) == [0x57, 0xCD])
  }

  @Test("A Type A activation is REQA, one anticollision a cascade level, RATS and ATS")
  func typeA() throws {
    var trace = AirTrace()
    let frames = trace.activated(try Cards.typeA())
    #expect(
      lines(frames) == [
        "fc ", "fe 26", "ff 4400",
        "fe 9320", "ff 88041122bf", "fe 937088041122bfb3f9", "ff 04da17",
        "fe 9520", "ff 3344556644", "fe 95703344556644eca3", "ff 20fc70",
        "fe e050bca5", "ff 06757781028002f0",
      ])
    #expect(frames[1].comment == "Rebuilt from the activation data")
  }

  @Test("A UID of four bytes takes one cascade level, and a card without an ATS no RATS")
  func shortUID() throws {
    var trace = AirTrace()
    let card = TypeAActivation(
      atqa: ATQA(rawValue: 0x0004), sak: SAK(rawValue: 0x08), uid: try UID([1, 2, 3, 4]))
    #expect(
      lines(trace.activated(.typeA(card))) == [
        "fc ", "fe 26", "ff 0400", "fe 9320", "ff 0102030404", "fe 937001020304048e25", "ff 08b6dd",
      ])
  }

  @Test("A Type B activation is REQB, ATQB, ATTRIB and its answer")
  func typeB() throws {
    var trace = AirTrace(readerFrameSizeCode: 8)
    #expect(
      lines(trace.activated(try Cards.typeB())) == [
        "fc ", "fe 05000071ff", "ff 501122334400000000008181595f", "fe 1d1122334400080100db35",
        "ff 0078f0",
      ])
  }

  @Test("Block numbers alternate, and begin at zero with each activation")
  func blockNumbers() throws {
    var trace = AirTrace(masking: .none)
    _ = trace.activated(try Cards.typeA())
    let apdu: [UInt8] = [0x00, 0xA1, 0x00, 0x00]
    #expect(blocks(trace.command(apdu)) == ["fe 0200a10000"])
    #expect(blocks(trace.response([0x90, 0x00])) == ["ff 029000"])
    #expect(blocks(trace.command(apdu)) == ["fe 0300a10000"])
    #expect(blocks(trace.response([0x90, 0x00])) == ["ff 039000"])
    #expect(blocks(trace.command(apdu)) == ["fe 0200a10000"])
    _ = trace.activated(try Cards.typeA())
    #expect(blocks(trace.command(apdu)) == ["fe 0200a10000"], "the answer never came")
  }

  @Test("A long command is chained at the card's frame size, each part acknowledged")
  func chainedCommand() throws {
    var trace = AirTrace(masking: .none)
    _ = trace.activated(try Cards.typeA())
    let apdu = [0x00, 0x01, 0x00, 0x00, 130] + [UInt8](repeating: 7, count: 130)
    let frames = trace.command(apdu)
    #expect(frames.map(\.bytes.count) == [64, 3, 64, 3, 16])
    #expect(frames.map { $0.bytes[0] } == [0x12, 0xA2, 0x13, 0xA3, 0x02])
    #expect(
      frames.map(\.event) == [
        .toCard, .fromCard, .toCard, .fromCard,
        .toCard,
      ])
    #expect([0, 2, 4].flatMap { frames[$0].bytes.dropFirst().dropLast(2) } == apdu)
    #expect(blocks(trace.response([0x90, 0x00])) == ["ff 029000"])
    #expect(trace.command([0, 0xA1, 0, 0])[0].bytes[0] == 0x03)
  }

  @Test("A long response is chained at the reader's frame size, each part acknowledged")
  func chainedResponse() throws {
    var trace = AirTrace(masking: .none)
    _ = trace.activated(try Cards.typeA())
    _ = trace.command([0, 0xA1, 0, 0])
    let apdu = [UInt8](repeating: 7, count: 120) + [0x90, 0x00]
    let frames = trace.response(apdu)
    #expect(frames.map { $0.bytes[0] } == [0x12, 0xA3, 0x03])
    #expect(frames.map(\.bytes.count) == [64, 3, 64])
    #expect([0, 2].flatMap { frames[$0].bytes.dropFirst().dropLast(2) } == apdu)
    #expect(trace.command([0, 0xA1, 0, 0])[0].bytes[0] == 0x02)
  }

  @Test("The field goes on with the first card and off when it is lost, once")
  func field() throws {
    var trace = AirTrace()
    #expect(trace.lost().isEmpty)
    #expect(trace.activated(try Cards.typeA()).first?.event == .fieldOn)
    #expect(trace.activated(try Cards.typeB()).first?.event != .fieldOn)
    #expect(lines(trace.lost()) == ["fd "])
    #expect(trace.lost().isEmpty)
    #expect(trace.activated(try Cards.typeB()).first?.event == .fieldOn)
  }

  @Test("APDUs of any size make frames, even without an activation")
  func anySize() {
    var trace = AirTrace(masking: .none, readerFrameSizeCode: .max)
    #expect(blocks(trace.command([])) == ["fe 02"])
    #expect(blocks(trace.response([])) == ["ff 02"])
    let frames = trace.command([UInt8](repeating: 0, count: 65_545))
    #expect(frames.count == 2 * ((65_545 + 12) / 13) - 1)
  }

  @Test("A packet is read back as it was written, and nothing else is")
  func packets() throws {
    let frame = AirFrame(.fromCardWithoutCRC, [0x02, 0x90, 0x00])
    #expect(frame.packet == hex("00 fb 0003 029000"))
    #expect(AirFrame(packet: frame.packet) == frame)
    for bad in ["", "00fb00", "01fb0003029000", "00f90003029000", "00fb0002029000", "00fb000402"] {
      #expect(AirFrame(packet: hex(bad)) == nil)
    }
  }
}

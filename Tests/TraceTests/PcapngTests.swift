import TestMaterial
import Testing

@testable import Trace

@Suite("pcapng")
struct PcapngTests {
  private static let writer = PcapngWriter(linkType: 264)
  private static let header = writer.header(
    interfaceName: "pn532_uart:/dev/ttyUSB0", application: "smartotp", comment: "rebuilt")

  private func read(_ bytes: [UInt8]) throws -> [PcapngReader.Packet] {
    var reader = PcapngReader()
    reader.append(bytes)
    var packets: [PcapngReader.Packet] = []
    while let packet = try reader.next() { packets.append(packet) }
    try reader.finish()
    return packets
  }

  @Test("A header is a section with its comment and an interface with its name and resolution")
  func header() {
    let header = PcapngWriter(linkType: 264)
      .header(interfaceName: "pn", application: "smart", comment: "abc")
    #expect(
      header
        == hex(
          """
          0a0d0d0a 34000000 4d3c2b1a 0100 0000 ffffffffffffffff
          0100 0300 61626300 0400 0500 736d617274000000 0000 0000 34000000
          01000000 28000000 0801 0000 00000000
          0200 0200 706e0000 0900 0100 09000000 0000 0000 28000000
          """))
  }

  @Test("A packet is an enhanced packet block with its time in two halves")
  func packet() {
    #expect(
      Self.writer.packet([1, 2, 3, 4, 5], timestamp: 0x0102_0304_0506_0708, comment: "x")
        == hex(
          """
          06000000 34000000 00000000 04030201 08070605 05000000 05000000
          0102030405000000 0100 0100 78000000 0000 0000 34000000
          """))
  }

  @Test("What was written is read back")
  func roundTrip() throws {
    let file =
      Self.header + Self.writer.packet([0xAA], timestamp: 1)
      + Self.writer.packet([], timestamp: .max, comment: "비고")
    let packets = try read(file)
    #expect(packets.map(\.data) == [[0xAA], []])
    #expect(packets.map(\.timestamp) == [1, .max])
    #expect(packets.map(\.comments) == [[], ["비고"]])
    #expect(packets.allSatisfy { $0.linkType == 264 && $0.originalByteCount == $0.data.count })
  }

  @Test("A file that comes byte by byte gives the same packets")
  func bytewise() throws {
    let file =
      Self.header + (0..<20).flatMap { Self.writer.packet([UInt8($0)], timestamp: UInt64($0)) }
    var reader = PcapngReader()
    var packets: [PcapngReader.Packet] = []
    for byte in file {
      reader.append([byte])
      while let packet = try reader.next() { packets.append(packet) }
    }
    try reader.finish()
    #expect(try packets == read(file))
    #expect(packets.count == 20)
  }

  @Test("Long texts are cut between characters")
  func longText() throws {
    let file =
      Self.header
      + Self.writer.packet([], timestamp: 0, comment: String(repeating: "한", count: 700))
    let comment = try #require(try read(file).first?.comments.first)
    #expect(comment == String(repeating: "한", count: 341))
  }

  @Test("A big-endian section is read; unknown blocks are skipped")
  func bigEndian() throws {
    let packets = try read(
      hex(
        """
        0a0d0d0a 0000001c 1a2b3c4d 0001 0000 ffffffffffffffff 0000001c
        00000001 00000014 0108 0000 00000000 00000014
        00000bad 00000010 12345678 00000010
        00000006 00000024 00000000 00000001 00000002 00000003 00000009 01020300 00000024
        """))
    #expect(packets.count == 1)
    #expect(packets.first?.data == [1, 2, 3])
    #expect(packets.first?.originalByteCount == 9)
    #expect(packets.first?.linkType == 264)
    #expect(packets.first?.timestamp == 0x1_0000_0002 * 1000, "microseconds where nothing is said")
  }

  @Test(
    "Every resolution gives nanoseconds, or the nearest end",
    arguments: [
      (UInt8(0), UInt64(2), UInt64(2_000_000_000)), (6, 3, 3000), (9, 7, 7), (12, 7999, 7),
      (28, .max, 1), (29, .max, 0), (127, .max, 0), (0, .max, .max), (8, .max, .max),
      (0x80, 2, 2_000_000_000), (0x80, .max, .max), (0x81, 3, 1_500_000_000),
      (0xA0, 1 << 32, 1_000_000_000), (0x9D, .max, .max), (0xA0, .max, 4_294_967_295_999_999_999),
      (0xC0, .max, 999_999_999), (0xC1, .max, 499_999_999), (0xFF, .max, 0),
    ])
  func resolutions(byte: UInt8, ticks: UInt64, expected: UInt64) {
    #expect(TimestampResolution(byte: byte).nanoseconds(ticks) == expected)
  }

  @Test("Bytes that are no pcapng file are refused")
  func notPcapng() {
    #expect(throws: PcapngError.notPcapng) { try read([]) }
    #expect(throws: PcapngError.notPcapng) { try read([1, 2, 3]) }
    #expect(throws: PcapngError.notPcapng) { try read([UInt8](repeating: 0, count: 64)) }
    #expect(throws: PcapngError.notPcapng) {
      try read(hex("0a0d0d0a 1c000000 4d3c2b1b 0100 0000 ffffffffffffffff 1c000000"))
    }
    #expect(throws: PcapngError.unsupportedVersion(major: 2, minor: 1)) {
      try read(hex("0a0d0d0a 1c000000 4d3c2b1a 0200 0100 ffffffffffffffff 1c000000"))
    }
  }

  @Test("Broken blocks are refused by name")
  func brokenBlocks() {
    let broken: [(String, PcapngError)] = [
      ("06000000 08000000 08000000", .blockLength(8)),
      ("06000000 0e000000 00000000", .blockLength(14)),
      ("06000000 04000200 00000000", .blockLength(0x0002_0004)),
      ("06000000 ffffffff 00000000", .blockLength(.max)),
      ("06000000 10000000 00000000 14000000", .blockLength(16)),
      ("06000000 10000000 00000000 10000000", .malformedBlock(type: 6)),
      ("01000000 10000000 00000000 10000000", .malformedBlock(type: 1)),
      ("0a0d0d0a 10000000 4d3c2b1a 10000000", .malformedBlock(type: 0x0A0D_0D0A)),
      (
        "06000000 20000000 00000000 00000000 00000000 01000000 01000000 20000000",
        .malformedBlock(type: 6)
      ),
      (
        "06000000 20000000 07000000 00000000 00000000 00000000 00000000 20000000",
        .unknownInterface(7)
      ),
      (
        "06000000 24000000 00000000 00000000 00000000 00000000 00000000 01000900 24000000",
        .malformedBlock(type: 6)
      ),
      ("01000000 18000000 08010000 00000000 09000000 18000000", .malformedBlock(type: 1)),
      ("06000000 10000000 00000000", .truncated),
    ]
    for (block, error) in broken {
      #expect(throws: error) { try read(Self.header + hex(block)) }
    }
  }

  @Test("More interfaces than allowed are refused")
  func tooManyInterfaces() {
    let interface = hex("01000000 14000000 08010000 00000000 14000000")
    let many = (0..<PcapngReader.maximumInterfaces).flatMap { _ in interface }
    #expect(throws: PcapngError.tooManyInterfaces) { try read(Self.header + many) }
  }

  @Test("Damaged files end in packets or an error, never worse")
  func fuzz() {
    var generator = SeededGenerator(state: 264)
    let file =
      Self.header
      + (0..<4).flatMap { Self.writer.packet([UInt8($0), 1, 2], timestamp: 9, comment: "c") }
    var failures = 0
    for _ in 0..<20_000 {
      var damaged = file
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let index = Int.random(in: 0..<damaged.count, using: &generator)
        damaged[index] = generator.bytes(1)[0]
      }
      if Bool.random(using: &generator) {
        damaged.removeLast(Int.random(in: 0...damaged.count, using: &generator))
      }
      do { _ = try read(damaged) } catch { failures += 1 }
    }
    #expect(failures > 5000)
  }
}

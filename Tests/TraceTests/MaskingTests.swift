import SmartCard
import TestMaterial
import Testing

@testable import Trace

@Suite("Masking")
struct MaskingTests {
  private static let select = hex("00a4040007a0000005272101")
  private static let selected = hex(
    "7903050403 7108aabbccddeeff0011 7408a1a2a3a4a5a6a7a8 7b0101 9000")

  /// A masker for a card whose OATH application is selected.
  private func oathMasker() -> APDUMasker {
    var masker = APDUMasker(.secrets)
    _ = masker.command(Self.select)
    _ = masker.response(Self.selected)
    return masker
  }

  @Test("SELECT of the OATH application and its response are shown")
  func selection() {
    var masker = APDUMasker(.secrets)
    #expect(masker.command(Self.select) == Self.select)
    #expect(masker.response(Self.selected) == Self.selected)
  }

  @Test(
    "Keys, codes and proofs are filled; tags, lengths, names and status words stay",
    arguments: [
      (  // PUT
        "0001000013 710161 7306 210600112233 7800 7a0400000001", "9000",
        "0001000013 710161 7306 2a2a2a2a2a2a 7800 7a0400000001", "9000"
      ),
      (  // SET CODE
        "0003000018 7305 2101020304 7408 1112131415161718 7505 2122232425", "9000",
        "0003000018 7305 2a2a2a2a2a 7408 2a2a2a2a2a2a2a2a 7505 2a2a2a2a2a", "9000"
      ),
      (  // VALIDATE
        "00a3000010 7504 01020304 7408 1112131415161718", "7504 05060708 9000",
        "00a3000010 7504 2a2a2a2a 7408 2a2a2a2a2a2a2a2a", "7504 2a2a2a2a 9000"
      ),
      (  // CALCULATE, truncated and whole
        "00a200010d 710161 7408 0102030405060708", "7605 0601020304 9000",
        "00a200010d 710161 7408 0102030405060708", "7605 2a2a2a2a2a 9000"
      ),
      (
        "00a200000d 710161 7408 0102030405060708 00", "7505 0601020304 9000",
        "00a200000d 710161 7408 0102030405060708 00", "7505 2a2a2a2a2a 9000"
      ),
      (  // CALCULATE ALL
        "00a400010a 7408 0102030405060708", "710161 7605 0601020304 710162 7700 9000",
        "00a400010a 7408 0102030405060708", "710161 7605 2a2a2a2a2a 710162 7700 9000"
      ),
      ("00a10000", "7202 2161 9000", "00a10000", "7202 2161 9000"),  // LIST
      ("0002000003 710161", "9000", "0002000003 710161", "9000"),  // DELETE
      ("0004dead", "9000", "0004dead", "9000"),  // RESET
      // A credential's name in a PUT with two forms of a long length.
      (
        "000100000a 71810161 730421060102", "9000", "000100000a 71810161 73042a2a2a2a", "9000"
      ),
      (
        "000100000b 7182000161 730421060102", "9000", "000100000b 7182000161 73042a2a2a2a", "9000"
      ),
    ])
  func exchanges(command: String, response: String, shown: String, answer: String) throws {
    var masker = oathMasker()
    #expect(masker.command(hex(command)) == hex(shown))
    #expect(masker.response(hex(response)) == hex(answer))
  }

  @Test("The property has no length byte, so the key behind it is still found")
  func property() {
    var masker = oathMasker()
    #expect(
      masker.command(hex("000100000a 710161 7802 7303 210602"))
        == hex("000100000a 710161 7802 7303 2a2a2a"))
  }

  @Test("An extended command is masked behind its longer header")
  func extended() {
    var masker = oathMasker()
    let data = hex("710161 7381f0") + [UInt8](repeating: 9, count: 240)
    let header = hex("00010000 00") + [0, UInt8(data.count)]
    let expected = hex("710161 7381f0") + [UInt8](repeating: 0x2A, count: 240)
    #expect(masker.command(header + data) == header + expected)
    var another = oathMasker()
    #expect(another.command(header + data + [0, 0]) == header + expected + [0, 0])
  }

  @Test("A chained command is masked across its parts")
  func chainedCommand() {
    var masker = oathMasker()
    #expect(masker.command(hex("1001000006 710161 7304 21")) == hex("1001000006 710161 7304 2a"))
    #expect(masker.response([0x90, 0x00]) == [0x90, 0x00])
    #expect(masker.command(hex("0001000003 060102")) == hex("0001000003 2a2a2a"))
  }

  @Test("A chained response is masked across SEND REMAINING", arguments: ["a5", "c0"])
  func chainedResponse(instruction: String) {
    var masker = oathMasker()
    _ = masker.command(hex("00a400010a 7408 0102030405060708"))
    #expect(masker.response(hex("710161 7605 0601 6105")) == hex("710161 7605 2a2a 6105"))
    #expect(masker.command(hex("00\(instruction)0000")) == hex("00\(instruction)0000"))
    #expect(masker.response(hex("020304 7101 61ff")) == hex("2a2a2a 7101 61ff"))
    _ = masker.command(hex("00\(instruction)0000"))
    #expect(masker.response(hex("62 7700 9000")) == hex("62 7700 9000"))
    _ = masker.command(hex("00\(instruction)0000"))
    #expect(masker.response(hex("710161 9000")) == hex("2a2a2a 9000"), "the chain had ended")
  }

  @Test("Leftovers of another response do not pass for data objects")
  func outOfStep() {
    var masker = oathMasker()
    _ = masker.command(hex("00a10000"))
    #expect(masker.response(hex("123456 9000")) == hex("2a2a2a 9000"))
    _ = masker.command(hex("00a10000"))
    #expect(masker.response(hex("1000 6d00 9000")) == hex("2a2a2a2a 9000"), "no tags of ours")
    _ = masker.command(hex("00a10000"))
    #expect(masker.response(hex("7202 2161 0a 9000")) == hex("2a2a2a2a2a 9000"))
    _ = masker.command(hex("00a10000"))
    #expect(masker.response(hex("7203 2161 9000")) == hex("2a2a2a2a 9000"), "cut short")
    _ = masker.command(hex("00a10000"))
    #expect(masker.response(hex("7283000002 2161 9000")) == hex("2a2a2a2a2a2a2a 9000"))
  }

  @Test("Before a selection, and in another application, everything is masked")
  func unknownApplication() {
    var masker = APDUMasker(.secrets)
    let calculate = hex("00a200010d 710161 7408 0102030405060708")
    let hidden = hex("00a200010d") + masked(calculate.dropFirst(5))
    #expect(masker.command(calculate) == hidden)
    #expect(masker.response(hex("7605 0601020304 9000")) == masked(0..<7) + [0x90, 0x00])

    masker = oathMasker()
    #expect(masker.command(hex("00a4040005a000000308")) == hex("00a4040005a000000308"))
    #expect(masker.response(hex("6f02 8400 9000")) == hex("2a2a2a2a 9000"))
    #expect(masker.command(calculate) == hidden)
    #expect(masker.command(hex("0020008008 3132333435363738")) == hex("0020008008") + masked(0..<8))
  }

  @Test("A refused selection opens nothing")
  func refusedSelection() {
    var masker = APDUMasker(.secrets)
    _ = masker.command(Self.select)
    _ = masker.response(hex("6a82"))
    #expect(masker.command(hex("0002000003 710161")) == hex("0002000003 2a2a2a"))
  }

  @Test("A selection that nobody answered opens nothing")
  func unansweredSelection() {
    var masker = oathMasker()
    _ = masker.command(hex("00a4040005a000000308"))
    #expect(masker.command(hex("0002000003 710161")) == hex("0002000003 2a2a2a"))
  }

  @Test("Other classes, unknown instructions and long identifiers are masked")
  func unknownCommands() {
    var masker = oathMasker()
    #expect(masker.command(hex("8002000003 710161")) == hex("8002000003 2a2a2a"))
    #expect(masker.command(hex("00d0000003 710161")) == hex("00d0000003 2a2a2a"))
    #expect(
      masker.command(hex("00a500000a7408") + Array(1...8)) == hex("00a500000a") + masked(0..<10))
    let long = hex("00a4040011") + [UInt8](repeating: 0xA0, count: 17)
    #expect(masker.command(long) == hex("00a4040011") + masked(0..<17))
  }

  @Test("What cannot be read is masked behind the header")
  func unreadable() {
    var masker = oathMasker()
    #expect(masker.command(hex("00a2000105 710161")) == hex("00a20001") + masked(0..<4))
    #expect(masker.response(hex("7605 0601020304 9000")) == masked(0..<7) + [0x90, 0x00])
    #expect(masker.command(hex("00a2")) == hex("00a2"))
    #expect(masker.response(hex("31")) == [0x2A])
    #expect(masker.response([]) == [])
    #expect(masker.command(hex("0002000003 710161")) == hex("0002000003 2a2a2a"))
  }

  @Test("Without masking every byte stays")
  func none() {
    var masker = APDUMasker(.none)
    let put = hex("0001000005 7303 210602")
    #expect(masker.command(put) == put)
    #expect(masker.response(hex("7602 0601 9000")) == hex("7602 0601 9000"))
    #expect(masker.response(hex("31")) == hex("31"))
  }

  @Test("Whatever the bytes, sizes stay and a secret of a known place never comes through")
  func fuzz() {
    var generator = SeededGenerator(state: 73)
    let secret: [UInt8] = [0x06, 0xDE, 0xAD, 0xBE, 0xEF]
    for _ in 0..<20_000 {
      var masker = oathMasker()
      for _ in 0..<Int.random(in: 0...4, using: &generator) {
        let noise = Self.noise(using: &generator)
        #expect(masker.command(noise).count == noise.count)
        #expect(masker.response(noise).count == noise.count)
      }
      _ = masker.command(hex("00a200010d 710161 7408 0102030405060708"))
      let shown = masker.response([0x76, 0x05] + secret + [0x90, 0x00])
      #expect(shown.count == 9)
      #expect(!Self.contains(shown.bytes, [0xDE, 0xAD]))
      #expect(!Self.contains(shown.bytes, [0xBE, 0xEF]))
    }
  }

  /// Random bytes, or the beginning of a command with a random rest.
  private static func noise(using generator: inout SeededGenerator) -> [UInt8] {
    let rest = generator.bytes(Int.random(in: 0...24, using: &generator))
    guard Bool.random(using: &generator) else { return rest }
    let instructions: [UInt8] = [0x01, 0x03, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xC0]
    let instruction = instructions.randomElement(using: &generator) ?? 0
    return [Bool.random(using: &generator) ? 0x00 : 0x10, instruction, 0, 1, UInt8(rest.count)]
      + rest
  }

  private static func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
    guard bytes.count >= part.count else { return false }
    return (0...bytes.count - part.count).contains { bytes[$0...].starts(with: part) }
  }
}

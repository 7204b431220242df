import SmartCard
import TestMaterial
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Any bytes give a value or a typed error. `SMART_CARD_FUZZ_ROUNDS` sets how many strings are
/// tried, half random and half damaged good ones.
@Suite("Any bytes in, a value or a typed error out")
struct FuzzTests {
  private static let rounds: Int =
    getenv("SMART_CARD_FUZZ_ROUNDS").flatMap { Int(String(cString: $0)) } ?? 200_000

  private static let seeds: [[UInt8]] = [
    [0x00, 0xA4, 0x04, 0x00, 0x07, 0xA0, 0x00, 0x00, 0x05, 0x27, 0x21, 0x01],
    [0x00, 0xA4, 0x04, 0x00, 0x00, 0x00, 0x02, 0x01, 0x02, 0x00, 0x00],
    [0x79, 0x03, 0x05, 0x04, 0x03, 0x71, 0x08, 1, 2, 3, 4, 5, 6, 7, 8, 0x90, 0x00],
    [0x7F, 0x49, 0x81, 0x04, 0x5F, 0x2D, 0x01, 0x65, 0x90, 0x00],
    [0x07, 0x78, 0xF7, 0x81, 0x02, 0x41, 0x42],
    [0x50, 0x11, 0x22, 0x33, 0x44, 0x00, 0xAA, 0xBB, 0x01, 0x33, 0x81, 0x85],
    [0x88, 1, 2, 3, 4, 5, 6, 7],
  ]

  /// Tries every parser and checks that what was read is written back to bytes that read the same.
  private func parseAll(_ bytes: [UInt8]) {
    if let command = try? CommandAPDU(parsing: bytes) {
      guard let encoded = try? command.encoded(), let again = try? CommandAPDU(parsing: encoded)
      else {
        Issue.record("no encoding for \(Hexadecimal.text(bytes))")
        return
      }
      if again != command { Issue.record("command differs: \(Hexadecimal.text(bytes))") }
    }
    if let response = try? ResponseAPDU(parsing: bytes), response.encoded() != bytes {
      Issue.record("response differs: \(Hexadecimal.text(bytes))")
    }
    parseObjects(bytes)
    parseActivation(bytes)
  }

  private func parseObjects(_ bytes: [UInt8]) {
    guard let objects = try? TLV.sequence(bytes) else { return }
    var writer = TLVWriter()
    for object in objects {
      writer.append(object)
      _ = try? object.children()
    }
    if (try? TLV.sequence(writer.bytes)) != objects {
      Issue.record("objects differ: \(Hexadecimal.text(bytes))")
    }
  }

  private func parseActivation(_ bytes: [UInt8]) {
    if let ats = try? ATS(parsing: bytes) {
      if !(16...4096).contains(ats.maximumFrame) || ats.frameWaitingTime > .maximum {
        Issue.record("ATS out of range: \(Hexadecimal.text(bytes))")
      }
    }
    if let atqb = try? ATQB(parsing: bytes) {
      _ = TypeBActivation(atqb: atqb, attribResponse: bytes).maximumBuffer
    }
    if let uid = try? UID(bytes), bytes[bytes.count - 4] != UID.cascadeTag,
      (try? UID(withCascadeTags: uid.withCascadeTags)) != uid
    {
      Issue.record("UID differs: \(Hexadecimal.text(bytes))")
    }
    _ = try? UID(withCascadeTags: bytes)
  }

  @Test("Random and damaged bytes never trap a parser")
  func bytes() {
    var generator = SeededGenerator(seed: 0x5EED)
    for round in 0..<Self.rounds {
      if round % 2 == 0 {
        parseAll(generator.bytes(upTo: 24))
      } else {
        let seed = Self.seeds[Int(generator.next() % UInt64(Self.seeds.count))]
        parseAll(generator.mutated(generator.mutated(seed)))
      }
    }
  }

  @Test("Every string of up to two bytes, and of three that begin like a data object, is read")
  func short() {
    parseAll([])
    for first in 0...UInt8.max {
      parseAll([first])
      for second in 0...UInt8.max {
        parseAll([first, second])
        parseAll([0x71, first, second])
      }
    }
  }
}

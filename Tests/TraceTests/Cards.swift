import SmartCard
import TestMaterial

/// Activation data of cards for these tests.
enum Cards {
  /// UID of 7 bytes, FSC 64.
  static func typeA() throws -> Activation {
    .typeA(
      TypeAActivation(
        atqa: ATQA(rawValue: 0x0044), sak: SAK(rawValue: 0x20),
        uid: try UID(hex("04112233445566")), ats: try ATS(parsing: hex("067577810280"))))
  }

  static func typeB() throws -> Activation {
    .typeB(
      TypeBActivation(
        atqb: try ATQB(parsing: hex("50 11223344 00000000 008181")), attribResponse: [0x00]))
  }
}

/// SplitMix64: the same sequence in every run, so that a failure can be looked at again.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) }
  }
}

/// SplitMix64: the same numbers from the same seed, on every machine.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  public mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) }
  }

  /// `bytes` with one of them changed, lost, doubled, or cut off there.
  public mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
    guard let index = bytes.indices.randomElement(using: &self) else { return self.bytes(1) }
    var result = bytes
    switch Int.random(in: 0..<4, using: &self) {
    case 0: result[index] = UInt8.random(in: 0...255, using: &self)
    case 1: result.remove(at: index)
    case 2: result.insert(bytes[index], at: index)
    default: result.removeLast(bytes.count - index)
    }
    return result
  }
}

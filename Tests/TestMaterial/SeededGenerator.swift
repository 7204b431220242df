/// SplitMix64: the same bytes from the same seed, on every machine.
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

  /// Random bytes, at most `limit`.
  public mutating func bytes(upTo limit: Int) -> [UInt8] {
    bytes(count: Int(next() % UInt64(limit + 1)))
  }

  public mutating func bytes(count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + 8)
    while bytes.count < count {
      var word = next()
      for _ in 0..<8 {
        bytes.append(UInt8(truncatingIfNeeded: word))
        word >>= 8
      }
    }
    bytes.removeLast(bytes.count - count)
    return bytes
  }

  /// `bytes` with a byte changed, lost, doubled or cut off.
  public mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
    guard !bytes.isEmpty else { return [UInt8(truncatingIfNeeded: next())] }
    var result = bytes
    let index = Int(next() % UInt64(bytes.count))
    switch next() % 4 {
    case 0: result[index] = UInt8(truncatingIfNeeded: next())
    case 1: result.remove(at: index)
    case 2: result.insert(bytes[index], at: index)
    default: result.removeLast(bytes.count - index)
    }
    return result
  }
}

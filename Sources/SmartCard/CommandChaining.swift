extension CommandAPDU {
  /// The bit of CLA that says "not the last command of a chain" (ISO/IEC 7816-4, 5.4.1: bit 5).
  public static let chainingBit: UInt8 = 0x10

  /// This command as a chain of commands with short data fields (ISO/IEC 7816-4, 5.3.3).
  ///
  /// All but the last carry the chaining bit and no Le; the last keeps Ne. A command that fits
  /// comes back alone, unchanged.
  ///
  /// - Parameter maximumData: data bytes per command; values outside 1...65,535 are brought into it.
  public func chained(maximumData: Int = 255) -> [CommandAPDU] {
    let step = min(max(maximumData, 1), Self.maximumData)
    guard data.count > step else { return [self] }
    var chain: [CommandAPDU] = []
    var start = 0
    while data.count - start > step {
      var part = self
      part.cla |= Self.chainingBit
      part.data = Array(data[start..<start + step])
      part.expectedLength = nil
      chain.append(part)
      start += step
    }
    var last = self
    last.data = Array(data[start...])
    chain.append(last)
    return chain
  }
}

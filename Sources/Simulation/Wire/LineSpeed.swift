/// What becomes of bytes when the two ends of a line disagree about its speed.
enum LineSpeed {
  /// What a receiver at one speed makes of bytes sent back to back at another.
  ///
  /// Above `maximum` the line distorts its edges, and the receiver sees them late.
  static func received(
    _ bytes: [UInt8], sentAt sender: Int, readAt receiver: Int, maximum: Int? = nil
  ) -> [UInt8] {
    let isTooFast = maximum.map { max(sender, receiver) > $0 } ?? false
    guard sender != receiver || isTooFast else { return bytes }
    return sample(levels(bytes), sender, isTooFast ? receiver * 17 / 20 : receiver)
  }

  /// Start bit 0, data bits from the lowest, stop bit 1; idle high around them.
  private static func levels(_ bytes: [UInt8]) -> [Bool] {
    bytes.reduce(into: [true]) { levels, byte in
      levels.append(false)
      for bit in 0..<8 { levels.append(byte >> UInt8(bit) & 1 == 1) }
      levels.append(true)
    }
  }

  /// Looks at the middle of each bit after a falling edge; without a stop bit there is no byte.
  ///
  /// Time is counted in fractions of which a sender's bit has `2 * receiver`, a receiver's
  /// `2 * sender`.
  private static func sample(_ levels: [Bool], _ sender: Int, _ receiver: Int) -> [UInt8] {
    let (sent, read) = (2 * receiver, 2 * sender)
    func level(_ time: Int) -> Bool { time / sent < levels.count ? levels[time / sent] : true }
    var bytes: [UInt8] = []
    var free = 0
    for index in levels.indices.dropFirst() where !levels[index] && levels[index - 1] {
      let edge = index * sent
      guard edge >= free, !level(edge + read / 2) else { continue }
      var byte: UInt8 = 0
      for bit in 0..<8 where level(edge + read / 2 + (bit + 1) * read) { byte |= 1 << UInt8(bit) }
      if level(edge + read / 2 + 9 * read) { bytes.append(byte) }
      free = edge + read / 2 + 9 * read
    }
    return bytes
  }
}

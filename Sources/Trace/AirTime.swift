/// How long frames take on the air at 106 kbit/s, and the shortest pauses between them.
///
/// A bit lasts 128 periods of the carrier (ISO/IEC 14443-2, 8.1). Type A spends nine bits a byte and
/// two around the frame (14443-3, 6.2.3), Type B ten and some 23 (7.1). Pauses: at least 1,236 and
/// 1,172 periods for Type A (6.2.1), 151 + 75 microseconds of TR0 and TR1 before a card's frame, ten
/// bits before a reader's for Type B (7.1.6, 7.1.7). A card may take longer, up to its frame waiting
/// time: this is what no card and no reader can save.
enum AirTime {
  private static let carrierPerMicrosecond = 13.56
  private static let bit = 128 / carrierPerMicrosecond

  /// In microseconds. The frames hold their checksums.
  static func microseconds(_ frames: [AirFrame], _ checksum: FrameChecksum) -> UInt64 {
    var total = 0.0
    for (index, frame) in frames.enumerated() {
      if index > 0 { total += pause(before: frame, checksum) }
      total += bit * bits(frame.bytes.count, checksum)
    }
    return UInt64(total)
  }

  private static func bits(_ byteCount: Int, _ checksum: FrameChecksum) -> Double {
    switch checksum {
    case .typeA: Double(byteCount) * 9 + 2
    case .typeB: Double(byteCount) * 10 + 23
    }
  }

  private static func pause(before frame: AirFrame, _ checksum: FrameChecksum) -> Double {
    switch (checksum, frame.event == .fromCard) {
    case (.typeA, true): 1236 / carrierPerMicrosecond
    case (.typeA, false): 1172 / carrierPerMicrosecond
    case (.typeB, true): 226
    case (.typeB, false): 10 * bit
    }
  }
}

/// How the serial line wakes the chip: on the fifth rising edge, after which the oscillator starts
/// (UM0701-02 §7.2.11). What arrives until it runs is lost.
struct WakeUpDetector {
  private static let edgesNeeded = 5
  private var edges = 0
  private var awakeAt: Duration = .zero

  /// Counts a byte's edges; true once they suffice.
  mutating func notices(_ byte: UInt8, at time: Duration, startUp: Duration) -> Bool {
    edges += Self.risingEdges(byte)
    guard edges >= Self.edgesNeeded else { return false }
    edges = 0
    awakeAt = time + startUp
    return true
  }

  func isOver(at time: Duration) -> Bool { time >= awakeAt }

  /// Start bit 0, data bits from the lowest, stop bit 1.
  static func risingEdges(_ byte: UInt8) -> Int {
    let levels = UInt16(byte) << 1 | 1 << 9
    return (~levels & levels >> 1 & 0x1FF).nonzeroBitCount
  }
}

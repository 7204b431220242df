/// Remembers the latest frames, and passes each on.
struct LineRecorder {
  /// Older frames are forgotten.
  static let limit = 16_384

  private(set) var frames: [FrameRecord] = []
  private var counts: [Count: Int] = [:]
  /// Called on the simulator's thread.
  var observer: (@Sendable (FrameRecord) -> Void)?

  mutating func record(
    _ bytes: [UInt8], _ kind: FrameKind, _ direction: LineDirection, isDamaged: Bool,
    at time: Duration
  ) {
    let count = Count(direction: direction, isNoise: kind == .noise)
    let index = counts[count, default: 0]
    counts[count] = index + 1
    let record = FrameRecord(
      time: time, direction: direction, kind: kind, index: index, bytes: bytes,
      isDamaged: isDamaged)
    if frames.count == Self.limit { frames.removeFirst(Self.limit / 2) }
    frames.append(record)
    observer?(record)
  }

  /// How noise is cut up depends on how a host's writes were read, so it numbers no frames.
  private struct Count: Hashable {
    var direction: LineDirection
    var isNoise: Bool
  }

  mutating func clear() {
    frames = []
    counts = [:]
  }
}

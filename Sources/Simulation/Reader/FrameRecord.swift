/// A frame as its sender sent it.
public struct FrameRecord: Sendable, Equatable {
  /// Since the system started, on its monotonic clock.
  public var time: Duration
  public var direction: LineDirection
  public var kind: FrameKind
  /// Its number among the frames of its direction, from 0; noise is counted by itself.
  public var index: Int
  public var bytes: [UInt8]
  /// Whether a fault touched it.
  public var isDamaged: Bool
}

/// A transfer that has come to its end.
public struct TransferRecord: Sendable, Equatable {
  /// When it was submitted and when it ended, on the system's monotonic clock.
  public var submitted: Duration
  public var ended: Duration
  public var pipe: TransferFault.Pipe
  public var endpoint: UInt8
  /// Its number among the device's transfers, from 0.
  public var index: Int
  /// 0, or an errno's negative.
  public var status: Int32
  /// What went either way.
  public var bytes: [UInt8]
}

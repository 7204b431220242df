/// What has passed over the line.
public struct Counters: Sendable, Equatable {
  public var commands = 0
  public var bytesFromHost = 0
  public var bytesToHost = 0

  public init() {}
}

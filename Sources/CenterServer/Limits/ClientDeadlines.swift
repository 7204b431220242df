/// How long a client that holds things up is waited for.
public struct ClientDeadlines: Sendable {
  /// For the whole of a request's body: one that comes by drops is not waited for.
  public var body = Duration.seconds(30)
  /// For an event to be read: a stream that is not read is cut off, and resumes when it can.
  public var event = Duration.seconds(20)

  public init() {}
}

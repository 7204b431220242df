import NIOCore

extension Channel {
  /// Does something that waits for the client; the connection is closed if it takes longer than
  /// `time`.
  func within<Result>(
    _ time: Duration, _ body: () async throws -> Result
  ) async rethrows -> Result {
    let timer = eventLoop.scheduleTask(in: TimeAmount(time)) { self.close(promise: nil) }
    defer { timer.cancel() }
    return try await body()
  }
}

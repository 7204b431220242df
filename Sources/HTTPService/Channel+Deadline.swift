import NIOCore

extension Channel {
  /// Does something that waits for the client; the connection is closed if it takes longer than
  /// `time`.
  package func within<Result>(
    _ time: Duration, _ body: () async throws -> Result
  ) async rethrows -> Result {
    let timer = closing(after: time)
    defer { timer.cancel() }
    return try await body()
  }

  /// Closes the connection after so long, unless that is cancelled.
  package func closing(after time: Duration) -> Scheduled<Void> {
    eventLoop.scheduleTask(in: TimeAmount(time)) { self.close(promise: nil) }
  }
}

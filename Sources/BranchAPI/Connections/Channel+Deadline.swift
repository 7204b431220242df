import NIOCore

extension Channel {
  /// Does something that waits for the client; the connection is closed if it takes longer than
  /// `seconds`.
  func within<Result>(
    seconds: Int64, _ body: () async throws -> Result
  ) async rethrows -> Result {
    let timer = closing(after: seconds)
    defer { timer.cancel() }
    return try await body()
  }

  /// Closes the connection after so many seconds, unless that is cancelled.
  func closing(after seconds: Int64) -> Scheduled<Void> {
    eventLoop.scheduleTask(in: .seconds(seconds)) { self.close(promise: nil) }
  }
}

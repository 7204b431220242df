import NIOCore

extension Channel {
  /// Does something that waits for the client; the connection is closed if it takes longer than
  /// `seconds`.
  func within<Result>(
    seconds: Int64, _ body: () async throws -> Result
  ) async rethrows -> Result {
    let timer = eventLoop.scheduleTask(in: .seconds(seconds)) { self.close(promise: nil) }
    defer { timer.cancel() }
    return try await body()
  }
}

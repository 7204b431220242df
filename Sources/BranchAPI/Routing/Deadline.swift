import NIOCore
import Synchronization

/// Waits for an answer no longer than it should take. The appliance may hang; those who ask do not.
final class Deadline: Sendable {
  /// Of what is asked of the appliance at the same time, hanging or not.
  static let limit = 64

  private let count = Atomic<Int>(0)

  /// What `body` answers. Past the deadline, or when the client is gone, it is left to itself.
  ///
  /// - Throws: what `body` throws, `busy`, `timedOut`, and `CancellationError` for a client that left.
  func answer(
    within seconds: Int64, on channel: any Channel,
    _ body: @escaping @Sendable () async throws -> Answer
  ) async throws -> Answer {
    guard count.add(1, ordering: .relaxed).newValue <= Self.limit else {
      count.subtract(1, ordering: .relaxed)
      throw BranchProblem(.busy)
    }
    let (results, first) = AsyncStream<Result<Answer, any Error>>.makeStream(
      bufferingPolicy: .bufferingOldest(1))
    Task(executorPreference: EventLoopExecutor(channel.eventLoop)) {
      let result: Result<Answer, any Error>
      do { result = .success(try await body()) } catch { result = .failure(error) }
      self.count.subtract(1, ordering: .relaxed)
      first.yield(result)
      first.finish()
    }
    let timer = channel.eventLoop.scheduleTask(in: .seconds(seconds)) {
      first.yield(.failure(BranchProblem(.timedOut)))
      first.finish()
    }
    defer { timer.cancel() }
    channel.closeFuture.whenComplete { _ in first.finish() }
    for await result in results { return try result.get() }
    throw CancellationError()
  }
}

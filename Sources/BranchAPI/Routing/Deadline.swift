import HTTPService
import NIOCore
import Synchronization

/// Waits for an answer no longer than it should take. The appliance may hang; those who ask do not.
final class Deadline: Sendable {
  /// Of what is asked of the appliance at the same time, hanging or not.
  static let limit = 64

  private typealias Results = AsyncStream<Result<Answer, any Error>>

  /// Whose answers are waited for, one at a time on each connection.
  private struct Waiting {
    /// Connections whose end is told here: once each, since what waits for the end of a connection
    /// stays there until it comes.
    var connections: Set<ObjectIdentifier> = []
    var results: [ObjectIdentifier: Results.Continuation] = [:]
  }

  private let count = Atomic<Int>(0)
  private let waiting = Mutex(Waiting())

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
    let (results, first) = Results.makeStream(bufferingPolicy: .bufferingOldest(1))
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
    wait(with: first, for: channel)
    defer {
      timer.cancel()
      waiting.withLock { $0.results[ObjectIdentifier(channel)] = nil }
    }
    for await result in results { return try result.get() }
    throw CancellationError()
  }

  private func wait(with results: Results.Continuation, for channel: any Channel) {
    let connection = ObjectIdentifier(channel)
    let isNew = waiting.withLock { waiting in
      waiting.results[connection] = results
      return waiting.connections.insert(connection).inserted
    }
    guard isNew else { return }
    channel.closeFuture.whenComplete { [weak self] _ in
      let results = self?.waiting.withLock { waiting in
        waiting.connections.remove(connection)
        return waiting.results.removeValue(forKey: connection)
      }
      results?.finish()
    }
  }
}

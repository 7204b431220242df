import GRDB
import SmartOTP
import Synchronization

/// Gathers calls that write, and runs as many as are waiting in one database transaction: a durable
/// commit costs the same for one as for a hundred.
///
/// A call that throws loses only what it wrote itself. Every call is answered after the commit, or
/// refused if that fails. Calls run in the order in which they came.
final class WriteQueue: Sendable {
  /// So many calls may wait; more are refused as `unavailable`.
  static let waitingLimit = 4096
  /// So many share a transaction, which bounds how long another process waits for its turn.
  static let batchLimit = 256

  private struct State {
    var waiting: [PendingCall] = []
    var isDraining = false
  }

  private let state = Mutex(State())
  private let pool: DatabasePool
  private let begin: @Sendable (Database) throws -> UnitOfWork
  private let committed: @Sendable (UnitOfWork) -> Void

  init(
    _ pool: DatabasePool, begin: @escaping @Sendable (Database) throws -> UnitOfWork,
    committed: @escaping @Sendable (UnitOfWork) -> Void
  ) {
    self.pool = pool
    self.begin = begin
    self.committed = committed
  }

  func run<Value: Sendable>(
    _ body: @escaping @Sendable (UnitOfWork) throws -> Value
  ) async throws(Refusal) -> Value {
    let result: Result<Value, Refusal> = await withCheckedContinuation { continuation in
      submit(Call(body: body) { continuation.resume(returning: $0) })
    }
    return try result.get()
  }

  /// How many calls wait for their transaction.
  var waitingCount: Int { state.withLock { $0.waiting.count } }

  private func submit(_ call: PendingCall) {
    enum Step { case refuse, wait, drain }
    let step = state.withLock { state -> Step in
      guard state.waiting.count < Self.waitingLimit else { return .refuse }
      state.waiting.append(call)
      if state.isDraining { return .wait }
      state.isDraining = true
      return .drain
    }
    switch step {
    case .refuse: call.answer(failure: Refusal(.unavailable, "the centre is busy: try again"))
    case .wait: break
    case .drain: drain()
    }
  }

  /// One transaction a turn on the writer's own queue, so that a backup or a checkpoint gets its
  /// turn between two.
  private func drain() {
    pool.asyncWriteWithoutTransaction { database in
      let calls = self.state.withLock { state in
        let batch = Array(state.waiting.prefix(Self.batchLimit))
        state.waiting.removeFirst(batch.count)
        return batch
      }
      self.commit(calls, in: database)
      let isMore = self.state.withLock { state in
        state.isDraining = !state.waiting.isEmpty
        return state.isDraining
      }
      if isMore { self.drain() }
    }
  }

  private func commit(_ calls: [PendingCall], in database: Database) {
    do {
      try database.beginTransaction(.immediate)
      let work = try begin(database)
      for call in calls {
        call.run(in: work)
        // A full disk ends the whole transaction: nothing of it may be answered as done.
        guard database.isInsideTransaction else { throw DatabaseError(resultCode: .SQLITE_FULL) }
      }
      try work.finish()
      try database.commit()
      committed(work)
      for call in calls { call.answer(failure: nil) }
    } catch {
      if database.isInsideTransaction { try? database.rollback() }
      let refusal = Refusal(error)
      for call in calls { call.answer(failure: refusal) }
    }
  }
}

/// A call that waits for its turn.
private protocol PendingCall: Sendable {
  func run(in work: UnitOfWork)
  /// - Parameter failure: why the transaction as a whole was not committed.
  func answer(failure: Refusal?)
}

private final class Call<Value: Sendable>: PendingCall, @unchecked Sendable {
  private let body: @Sendable (UnitOfWork) throws -> Value
  private let finish: @Sendable (Result<Value, Refusal>) -> Void
  // Written and read on the writer's queue alone.
  private var result: Result<Value, Refusal>?

  init(
    body: @escaping @Sendable (UnitOfWork) throws -> Value,
    finish: @escaping @Sendable (Result<Value, Refusal>) -> Void
  ) {
    self.body = body
    self.finish = finish
  }

  func run(in work: UnitOfWork) {
    do {
      result = .success(try work.inSavepoint { try body(work) })
    } catch {
      result = .failure(Refusal(error))
    }
  }

  func answer(failure: Refusal?) {
    finish(failure.map { .failure($0) } ?? result ?? .failure(Refusal(.internalError)))
  }
}

import Center
import GRDB
import SmartOTP
import Synchronization

/// The centre's store in one SQLite file, which several processes may share.
///
/// Every call that changes something runs in a transaction begun as IMMEDIATE, and is answered once
/// it is durable (WAL, synchronous FULL). Calls that wait at the same time share a commit. Nothing
/// that another process may change is held in memory.
public final class SQLiteStore: Sendable {
  public let path: String
  let pool: DatabasePool
  let writes: WriteQueue
  let signal: EventSignal
  let secrets: StoreSecrets
  let keys: HeldKeys
  private let readsInFlight = Atomic(0)

  /// Opens the database at `path`, makes it if there is none, and brings its tables up to date.
  public init(path: String, keys ring: KeyRing) throws(StoreError) {
    do {
      let (pool, secrets) = try Self.opened(at: path, under: ring)
      let signal = try EventSignal(path: path)
      let keys = HeldKeys(ring)
      self.path = path
      self.pool = pool
      self.secrets = secrets
      self.signal = signal
      self.keys = keys
      writes = WriteQueue(
        pool, begin: { try UnitOfWork($0, ring: keys.ring, secrets: secrets) },
        committed: { work in
          if let event = work.lastEvent { signal.raise(to: event) }
        })
    } catch {
      throw StoreError(error, path: path)
    }
  }

  /// So many reads may wait for a connection; more are refused as `unavailable`.
  static let readLimit = 4096

  func read<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(Refusal) -> Value {
    let reading = readsInFlight.add(1, ordering: .relaxed).newValue
    defer { readsInFlight.subtract(1, ordering: .relaxed) }
    guard reading <= Self.readLimit else {
      throw Refusal(.unavailable, "the centre is busy: try again")
    }
    let result: Result<Value, Refusal> = await withCheckedContinuation { continuation in
      pool.asyncRead { database in
        do {
          continuation.resume(returning: .success(try body(try database.get())))
        } catch {
          continuation.resume(returning: .failure(Refusal(error)))
        }
      }
    }
    return try result.get()
  }

  func write<Value: Sendable>(
    _ body: @escaping @Sendable (UnitOfWork) throws -> Value
  ) async throws(Refusal) -> Value {
    try await writes.run(body)
  }

  /// A write that a repeated request does not repeat.
  func create<Value: Codable & Sendable>(
    as caller: Caller, _ body: @escaping @Sendable (UnitOfWork) throws -> Value
  ) async throws(Refusal) -> Value {
    try await writes.run { work in
      try work.once(for: caller) { try body(work) }
    }
  }
}

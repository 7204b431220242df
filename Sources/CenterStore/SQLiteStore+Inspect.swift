import Dispatch
import GRDB

extension SQLiteStore {
  /// A long look at one snapshot, on a reader's own queue.
  func inspect<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(StoreError) -> Value {
    let path = path
    let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
      pool.asyncRead { database in
        do {
          continuation.resume(returning: .success(try body(try database.get())))
        } catch {
          continuation.resume(returning: .failure(StoreError(error, path: path)))
        }
      }
    }
    return try result.get()
  }

  /// Work that blocks its thread for long, away from Swift's own threads.
  static func blocking<Value: Sendable>(
    path: String, _ body: @escaping @Sendable () throws -> Value
  ) async throws(StoreError) -> Value {
    let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        do {
          continuation.resume(returning: .success(try body()))
        } catch {
          continuation.resume(returning: .failure(StoreError(error, path: path)))
        }
      }
    }
    return try result.get()
  }
}

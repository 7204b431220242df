import Synchronization

/// One limit, kept for each of many clients in a table of bounded size.
final class RateLimiter: Sendable {
  private struct Table {
    var buckets: [String: TokenBucket] = [:]
    /// For clients that no longer fit in: they share it.
    var overflow: TokenBucket
  }

  let limit: RateLimit
  private let capacity: Int
  private let table: Mutex<Table>

  init(_ limit: RateLimit, capacity: Int = 8_192, now: ContinuousClock.Instant = .now) {
    self.limit = limit
    self.capacity = capacity
    table = Mutex(Table(overflow: TokenBucket(limit, at: now)))
  }

  /// Nil when `client` may go on, otherwise the seconds to wait.
  func take(_ client: String, at now: ContinuousClock.Instant) -> Double? {
    table.withLock { table in
      if table.buckets[client] == nil, !makeRoom(in: &table, at: now) {
        return table.overflow.take(limit, at: now)
      }
      return table.buckets[client, default: TokenBucket(limit, at: now)].take(limit, at: now)
    }
  }

  /// A full bucket says no more than a new one.
  private func makeRoom(in table: inout Table, at now: ContinuousClock.Instant) -> Bool {
    if table.buckets.count < capacity { return true }
    table.buckets = table.buckets.filter { !$0.value.isFull(limit, at: now) }
    return table.buckets.count < capacity
  }
}

import HTTPTypes
import Synchronization

/// How many requests were answered, by route and status.
final class BranchFigures: Sendable {
  struct Key: Hashable, Comparable, Sendable {
    let route: String
    let method: String
    let status: Int

    static func < (left: Key, right: Key) -> Bool {
      (left.route, left.method, left.status) < (right.route, right.method, right.status)
    }
  }

  private let counts = Mutex<[Key: Int64]>([:])

  /// - Parameters:
  ///   - method: nil for an address that is not there.
  ///   - route: its path, of a bounded set.
  func record(method: HTTPRequest.Method?, route: String, status: Int) {
    let key = Key(route: route, method: method?.rawValue ?? "", status: status)
    counts.withLock { $0[key, default: 0] += 1 }
  }

  func snapshot() -> [(key: Key, count: Int64)] {
    counts.withLock { counts in
      counts.map { (key: $0.key, count: $0.value) }.sorted { $0.key < $1.key }
    }
  }
}

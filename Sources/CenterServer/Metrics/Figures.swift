import HTTPTypes
import Synchronization

/// What the server counts.
final class Figures: Sendable {
  /// One for each route, with a lock of its own.
  private final class RouteFigures: Sendable {
    let byStatus = Mutex<[Int: Histogram]>([:])
  }

  private let routes: [Route]
  private let figures: [RouteFigures]
  private let unmatched = RouteFigures()
  private let inFlight = Atomic<Int>(0)

  init(_ routes: [Route]) {
    self.routes = routes
    figures = routes.map { _ in RouteFigures() }
  }

  var requestsInFlight: Int { inFlight.load(ordering: .relaxed) }

  /// Counts a request in; returns how many there are with it.
  func begin() -> Int { inFlight.add(1, ordering: .relaxed).newValue }

  func end() { inFlight.subtract(1, ordering: .relaxed) }

  /// - Parameter route: its index, nil for an address that is not there.
  func record(route: Int?, status: Int, took duration: Duration) {
    let (seconds, attoseconds) = duration.components
    let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    let figures = route.map { self.figures[$0] } ?? unmatched
    figures.byStatus.withLock {
      $0[status, default: Histogram()].record(microseconds: microseconds)
    }
  }

  struct RouteSnapshot {
    let method: String
    let path: String
    let byStatus: [(status: Int, histogram: Histogram)]
  }

  /// Of the routes that were used, in the order of the table; the last is of no route.
  func snapshot() -> [RouteSnapshot] {
    let named = zip(routes, figures).map { route, figures in
      RouteSnapshot(
        method: route.method.rawValue, path: route.path, byStatus: sorted(figures))
    }
    let others = RouteSnapshot(method: "", path: "", byStatus: sorted(unmatched))
    return (named + [others]).filter { !$0.byStatus.isEmpty }
  }

  private func sorted(_ figures: RouteFigures) -> [(status: Int, histogram: Histogram)] {
    figures.byStatus.withLock { $0 }.sorted { $0.key < $1.key }
      .map { (status: $0.key, histogram: $0.value) }
  }
}

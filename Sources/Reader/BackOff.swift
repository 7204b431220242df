/// How long to wait before trying again what failed: nothing the first time, then 50 ms and twice
/// as long each time, 5 s at most.
struct BackOff: Equatable, Sendable {
  private(set) var failures = 0

  mutating func succeeded() { failures = 0 }
  mutating func failed() { failures = min(failures + 1, 10) }

  var pause: Duration {
    failures == 0 ? .zero : min(.milliseconds(25 << failures), .seconds(5))
  }
}

import Synchronization

/// Microseconds from deadline to answer, 0 for answers in time.
public final class Overruns: Sendable {
  private let values = Mutex<[Int64]>([])

  public init() {}

  public func note(_ deadline: ContinuousClock.Instant) {
    let late = deadline.duration(to: .now)
    let microseconds =
      late.components.seconds * 1_000_000 + late.components.attoseconds / 1_000_000_000_000
    values.withLock { $0.append(max(0, microseconds)) }
  }

  public var all: [Int64] { values.withLock { $0 } }
}

/// Answers past their deadline, as a line.
public struct OverrunSummary: CustomStringConvertible {
  private let sorted: [Int64]

  public init(_ overruns: [Int64]) { sorted = overruns.sorted() }

  private func rank(_ thousandth: Int) -> Int64 {
    sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, sorted.count * thousandth / 1000)]
  }

  public var description: String {
    let late = sorted.count { $0 > 0 }
    let tooLate = sorted.count { $0 > 10_000 }
    return "answers past their deadline: \(late) of \(sorted.count), \(tooLate) by over 10 ms; "
      + "p50 \(rank(500)) µs, p99 \(rank(990)) µs, p99.9 \(rank(999)) µs, "
      + "most \(sorted.last ?? 0) µs"
  }
}

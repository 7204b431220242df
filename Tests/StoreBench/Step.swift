import Glibc
import Synchronization

private func processMicroseconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
}

/// The next call's number.
private final class Turn: Sendable {
  private let next = Atomic(0)

  func take() -> Int { next.add(1, ordering: .relaxed).oldValue }
}

/// How fast one kind of call was.
struct Step: Sendable {
  let name: String
  let perSecond: Double
  let p50: Duration
  let p99: Duration
  /// Of all threads, which says more than the rest where the machine is not quiet.
  let cpuMicroseconds: Double

  /// Runs `count` calls from `clients` tasks, each of which waits for its answer before its next.
  static func measure(
    _ name: String, _ clients: Int, _ count: Int,
    _ call: @escaping @Sendable (Int) async throws -> Void
  ) async throws -> Step {
    let next = Turn()
    let clock = ContinuousClock()
    let start = clock.now
    let cpuStart = processMicroseconds()
    var times: [Duration] = []
    try await withThrowingTaskGroup(of: [Duration].self) { group in
      for _ in 0..<clients {
        group.addTask {
          var own: [Duration] = []
          while true {
            let index = next.take()
            guard index < count else { return own }
            let begin = clock.now
            try await call(index)
            own.append(clock.now - begin)
          }
        }
      }
      for try await own in group { times += own }
    }
    let seconds = (clock.now - start) / .seconds(1)
    let cpu = processMicroseconds() - cpuStart
    times.sort()
    return Step(
      name: name, perSecond: Double(count) / seconds, p50: times[times.count / 2],
      p99: times[times.count * 99 / 100], cpuMicroseconds: cpu / Double(count))
  }

  func line(cards: Int, clients: Int) -> String {
    let columns = [
      pad("\(cards)", 11), pad("\(clients)", 9), pad(name, 9), pad("\(Int(perSecond))", 13),
      pad(milliseconds(p50), 9), pad(milliseconds(p99), 9), "\(Int(cpuMicroseconds))",
    ]
    return columns.joined()
  }

  private func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private func milliseconds(_ duration: Duration) -> String {
    let micro = Int(duration / .microseconds(1))
    let rest = String(micro % 1000)
    return "\(micro / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest
  }
}

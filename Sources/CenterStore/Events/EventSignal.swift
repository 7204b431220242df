import GRDB
import SmartOTP
import Synchronization

/// Wakes those who wait for device events: at once for events of this process, within a tenth of a
/// second for those of another.
///
/// One connection asks for all waiters, and only while there are any, whether another process wrote
/// (`PRAGMA data_version`).
final class EventSignal: Sendable {
  static let pollInterval = Duration.milliseconds(100)

  private struct Waiter {
    let last: Int64
    let deadline: ContinuousClock.Instant
    let continuation: CheckedContinuation<Void, Never>
  }

  private struct State {
    var latest: Int64 = 0
    var nextWaiter = 0
    var waiters: [Int: Waiter] = [:]
    var isPolling = false
  }

  private let state = Mutex(State())
  private let probe: DataVersionProbe

  init(path: String) throws {
    probe = try DataVersionProbe(path: path)
  }

  /// There are events up to `event`.
  func raise(to event: Int64) {
    wake { state in
      state.latest = max(state.latest, event)
      return { _ in false }
    }
  }

  /// Returns when an event after `last` may be there, when `deadline` passes (to within the poll
  /// interval), or when the task is cancelled.
  func wait(after last: Int64, until deadline: ContinuousClock.Instant) async {
    let id = state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        add(Waiter(last: last, deadline: deadline, continuation: continuation), as: id)
      }
    } onCancel: {
      wake { _ in { $0 == id } }
    }
  }

  private func add(_ waiter: Waiter, as id: Int) {
    enum Step { case wake, wait, poll }
    let step = state.withLock { state -> Step in
      // Asked for under the lock: a cancellation after it finds the waiter.
      guard !Task.isCancelled, state.latest <= waiter.last, waiter.deadline > .now else {
        return .wake
      }
      state.waiters[id] = waiter
      if state.isPolling { return .wait }
      state.isPolling = true
      return .poll
    }
    switch step {
    case .wake: waiter.continuation.resume()
    case .wait: break
    case .poll: Task { await poll() }
    }
  }

  /// Runs until nobody waits.
  private func poll() async {
    while state.withLock({ state in
      state.isPolling = !state.waiters.isEmpty
      return state.isPolling
    }) {
      // Looked at before the pause: what was written before the first waiter came counts as well.
      let latest = await probe.latestEvent()
      let now = ContinuousClock.now
      wake { state in
        state.latest = max(state.latest, latest ?? 0)
        let expired = Set(state.waiters.filter { $0.value.deadline <= now }.keys)
        return { expired.contains($0) }
      }
      try? await Task.sleep(for: Self.pollInterval)
    }
  }

  private func wake(_ change: (inout State) -> (Int) -> Bool) {
    let woken = state.withLock { state in
      let isNamed = change(&state)
      let woken = state.waiters.filter { $0.value.last < state.latest || isNamed($0.key) }
      for id in woken.keys { state.waiters[id] = nil }
      return woken
    }
    for waiter in woken.values { waiter.continuation.resume() }
  }
}

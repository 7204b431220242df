import Synchronization
import Threads

extension PortAction {
  /// Performs it on a thread of its own; false when it could not be done, or was not by the deadline.
  func run(deadline: ContinuousClock.Instant) async -> Bool {
    let run = PortActionRun()
    let timer = Task {
      try await Task.sleep(until: deadline, clock: .continuous)
      run.end(false)
    }
    defer { timer.cancel() }
    // A cancelled caller waits for it all the same: the port must not stay switched off.
    return await withCheckedContinuation { continuation in
      run.begin(continuation)
      if !DetachedThread.run({ run.end(perform()) }) { run.end(false) }
    }
  }
}

/// Hands on the first end only.
private final class PortActionRun: Sendable {
  private struct State {
    var continuation: CheckedContinuation<Bool, Never>?
    var isOver = false
  }

  private let state = Mutex(State())

  func begin(_ continuation: CheckedContinuation<Bool, Never>) {
    let isOver = state.withLock { state in
      if !state.isOver { state.continuation = continuation }
      return state.isOver
    }
    if isOver { continuation.resume(returning: false) }
  }

  func end(_ wasDone: Bool) {
    let waiting = state.withLock { state in
      state.isOver = true
      return state.continuation.take()
    }
    waiting?.resume(returning: wasDone)
  }
}

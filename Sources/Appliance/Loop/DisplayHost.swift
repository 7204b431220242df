import Glibc
import Synchronization
import Threads

/// Runs one display on a thread of its own. The newest picture counts: a display that is slow, hangs
/// or is not there delays nobody. What a display did not take is shown again until it does, since it
/// may have been what takes a code away.
final class DisplayHost: Sendable {
  let display: any OTPDisplay
  private let state = Mutex(State())
  private let noticed: @Sendable (DisplayCondition) -> Void

  private struct State {
    var next: Picture?
    /// Counts pictures: one that failed is only shown again while no other came.
    var number: UInt64 = 0
    var failures = 0
    var hasThread = false
    var condition: DisplayCondition?
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  /// - Parameter noticed: told when the display begins to fail, and when it works again.
  init(_ display: any OTPDisplay, noticed: @escaping @Sendable (DisplayCondition) -> Void) {
    self.display = display
    self.noticed = noticed
  }

  var condition: DisplayCondition {
    state.withLock { $0.condition } ?? DisplayCondition(name: display.name, works: true)
  }

  func show(_ picture: Picture) {
    let mustStart = state.withLock { state in
      state.next = picture
      state.number &+= 1
      defer { state.hasThread = true }
      return !state.hasThread
    }
    // A thread lives while there is something to show: an idle appliance has none.
    if mustStart, !DetachedThread.run({ self.work() }) {
      state.withLock { $0.hasThread = false }
    }
  }

  private func work() {
    while let (picture, number) = next() {
      let condition: DisplayCondition
      do throws(DisplayError) {
        try display.show(picture)
        condition = DisplayCondition(name: display.name, works: true)
      } catch {
        condition = DisplayCondition(
          name: display.name, works: false, trouble: error.explanation)
      }
      note(condition)
      if !condition.works { showAgain(picture, number) }
    }
  }

  private static let pauses: [Duration] = [
    .milliseconds(250), .seconds(1), .seconds(3), .seconds(10),
  ]

  /// - Parameter number: the picture's own; one that came meanwhile takes its place for good.
  private func showAgain(_ picture: Picture, _ number: UInt64) {
    let failures = state.withLock { state in
      state.failures += 1
      return state.failures
    }
    let pause = Self.pauses[min(failures, Self.pauses.count) - 1]
    Task { [weak self] in
      try? await Task.sleep(for: pause)
      guard let self, state.withLock({ $0.number == number }) else { return }
      show(picture)
    }
  }

  private func next() -> (Picture, number: UInt64)? {
    let (next, waiting) = state.withLock { state in
      defer { state.next = nil }
      guard let picture = state.next else {
        state.hasThread = false
        defer { state.waiting = [] }
        return (nil as (Picture, number: UInt64)?, state.waiting)
      }
      return ((picture, number: state.number), [])
    }
    for continuation in waiting { continuation.resume() }
    return next
  }

  private func note(_ condition: DisplayCondition) {
    let isNew = state.withLock { state in
      defer { state.condition = condition }
      if condition.works { state.failures = 0 }
      return (state.condition?.works ?? true) != condition.works
    }
    if isNew { noticed(condition) }
  }

  /// Returns when the last picture is shown. May hang with the display: bound it.
  func settled() async {
    await withCheckedContinuation { continuation in
      let isIdle = state.withLock { state in
        if state.hasThread { state.waiting.append(continuation) }
        return !state.hasThread
      }
      if isIdle { continuation.resume() }
    }
  }
}

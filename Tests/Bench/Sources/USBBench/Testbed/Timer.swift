import Dispatch
import Simulation

/// Calls back at the next moment that matters, to within a fraction of a millisecond.
struct Timer: @unchecked Sendable {
  private let source: any DispatchSourceTimer

  init(_ queue: DispatchQueue) {
    source = DispatchSource.makeTimerSource(flags: .strict, queue: queue)
  }

  func start(_ body: @escaping @Sendable () -> Void) {
    source.setEventHandler(handler: body)
    source.activate()
  }

  func stop() { source.cancel() }

  /// Replaces the moment; nil is never.
  func schedule(_ moment: Duration?) {
    guard let moment else { return source.schedule(deadline: .distantFuture) }
    let wait = max(moment - MonotonicClock.now, .zero)
    source.schedule(deadline: .now() + wait.dispatchInterval, leeway: .nanoseconds(0))
  }
}

extension Duration {
  var dispatchInterval: DispatchTimeInterval {
    let (seconds, attoseconds) = components
    return .nanoseconds(Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000))
  }
}

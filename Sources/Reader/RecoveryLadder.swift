/// Which step comes next on the way back to a reader that does not work, and after what pause. Each is
/// taken only when the one before did not help: opened again, by another driver, and then what its
/// policy allows to be done to its port.
struct RecoveryLadder: Sendable {
  private(set) var failures = 0
  private var tried: Set<PortAction.Kind> = []
  /// It opened, but nothing else has worked since.
  private var isUnproven = false

  /// Nothing the first time, then 50 ms and twice as long each time, 5 s at most.
  var pause: Duration {
    failures == 0 ? .zero : min(.milliseconds(25 << failures), .seconds(5))
  }

  /// The reader did something it was asked.
  mutating func worked() {
    failures = 0
    tried = []
    isUnproven = false
  }

  mutating func opened() { isUnproven = failures > 0 }

  mutating func failedToOpen() { count() }

  /// A reader that worked until now is opened again at once; one that only opens is no better than
  /// one that does not.
  mutating func failedInUse() { if isUnproven { count() } }

  private mutating func count() { failures = min(failures + 1, 10) }

  /// Whether another try could differ from those so far.
  func hasUntried(_ actions: [PortAction], time: Duration) -> Bool {
    failures > 0 && actions.contains { !tried.contains($0.kind) && $0.duration <= time }
  }

  enum Rung {
    case open, restartDriver
    case act(PortAction)
  }

  /// - Parameters:
  ///   - isDriverFresh: whether the last failure was a new driver's.
  ///   - time: what is left; an action that does not fit is left out.
  mutating func next(isDriverFresh: Bool, actions: [PortAction], time: Duration) -> Rung {
    if failures == 0 { return .open }
    if failures == 1 { return isDriverFresh ? .open : .restartDriver }
    let action = actions.first { !tried.contains($0.kind) && $0.duration <= time }
    guard let action else { return failures.isMultiple(of: 2) ? .restartDriver : .open }
    tried.insert(action.kind)
    return .act(action)
  }
}

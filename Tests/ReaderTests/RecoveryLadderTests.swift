import Glibc
import Synchronization
import Testing

@testable import Reader

@Suite("The way back to a reader")
struct RecoveryLadderTests {
  private static let actions = [
    PortAction(.reset, duration: .seconds(2)) { true },
    PortAction(.powerCycle, duration: .seconds(3)) { true },
  ]

  /// The steps of so many failures, the first of them with a driver that had run before.
  private func steps(
    _ count: Int, actions: [PortAction] = [], time: Duration = .seconds(60)
  ) -> [String] {
    var ladder = RecoveryLadder()
    return (0..<count).map { index in
      let rung = ladder.next(isDriverFresh: index > 2, actions: actions, time: time)
      ladder.failedToOpen()
      return switch rung {
      case .open: "open"
      case .restartDriver: "driver"
      case .act(let action): "\(action.kind)"
      }
    }
  }

  @Test("Opened again, by another driver, then the port's reset and its power, each once")
  func escalation() {
    #expect(
      steps(7, actions: Self.actions)
        == ["open", "driver", "reset", "powerCycle", "driver", "open", "driver"])
  }

  @Test("Without permission a port is never touched")
  func forbidden() {
    #expect(Set(steps(100)) == ["open", "driver"])
  }

  @Test("What does not fit into the time is not begun")
  func time() {
    let steps = steps(100, actions: Self.actions, time: .milliseconds(2500))
    #expect(steps.count { $0 == "reset" } == 1 && !steps.contains("powerCycle"))
  }

  @Test("A new driver that failed once is asked again, not replaced")
  func freshDriver() {
    var ladder = RecoveryLadder()
    ladder.failedToOpen()
    guard case .open = ladder.next(isDriverFresh: true, actions: Self.actions, time: .seconds(9))
    else {
      Issue.record("something else first")
      return
    }
  }

  @Test("Only a reader that did something has recovered; one that merely opens goes on upwards")
  func proof() {
    var ladder = RecoveryLadder()
    for _ in 0..<3 {
      ladder.failedToOpen()
      ladder.opened()
      ladder.failedInUse()
    }
    #expect(ladder.failures == 6)
    ladder.opened()
    ladder.worked()
    ladder.failedInUse()
    #expect(ladder.failures == 0 && ladder.pause == .zero)
  }

  @Test("Pauses before opening again grow from nothing to five seconds")
  func backOff() {
    var ladder = RecoveryLadder()
    var pauses: [Duration] = []
    for _ in 0..<12 {
      pauses.append(ladder.pause)
      ladder.failedToOpen()
    }
    #expect(pauses.prefix(4) == [.zero, .milliseconds(50), .milliseconds(100), .milliseconds(200)])
    #expect(pauses.last == .seconds(5))
    #expect(zip(pauses, pauses.dropFirst()).allSatisfy { $0 <= $1 })
  }

  @Test("An action that hangs is waited for until the deadline, and has failed then")
  func hanging() async {
    let release = Mutex(false)
    let action = PortAction(.reset, duration: .zero) {
      while !release.withLock({ $0 }) { sched_yield() }
      return true
    }
    #expect(await !action.run(deadline: .now + .milliseconds(50)))
    release.withLock { $0 = true }
  }
}

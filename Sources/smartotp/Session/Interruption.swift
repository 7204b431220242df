import Glibc
import Synchronization
import Threads

/// Ctrl-C and SIGTERM end the command the way it ends anyway: the reader is handed back. A second
/// signal ends it at once.
///
/// Handlers, and not a thread in sigwait(3): the main thread of a program with Swift's concurrency
/// rests in sigsuspend(2) with no signal blocked, and would be killed.
enum Interruption {
  private struct State {
    var task: Task<Void, any Error>?
    var wasInterrupted = false
    /// What Ctrl-C does instead, while somebody types.
    var typing: (@Sendable () -> Void)?
  }

  private static let state = Mutex(State())
  /// What the handler writes to, the number of the signal as a byte; -1 when there is none.
  private static let bell = makeBell()

  private static func makeBell() -> (read: Int32, write: Int32) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return (-1, -1) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  static func catchSignals() {
    // Whoever reads the output may stop: that ends the program, whatever its parent ignored.
    signal(SIGPIPE, SIG_DFL)
    guard bell.read >= 0 else { return }
    guard DetachedThread.run({ attend() }) else { return }
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number) { number in
        let before = errno
        var byte = UInt8(truncatingIfNeeded: number)
        _ = write(Interruption.bell.write, &byte, 1)
        errno = before
      }
    }
  }

  private static func attend() {
    while true {
      let number = nextSignal()
      guard number == SIGINT, let typing = state.withLock({ $0.typing }) else { break }
      typing()
    }
    state.withLock { state in
      state.wasInterrupted = true
      state.task?.cancel()
    }
    let second = nextSignal()
    Terminal.restore()
    _exit(128 + second)
  }

  /// Has Ctrl-C call `body` and nothing else, until it is given nil.
  static func whileTyping(_ body: (@Sendable () -> Void)?) {
    state.withLock { $0.typing = body }
  }

  private static func nextSignal() -> Int32 {
    var number: UInt8 = 0
    while read(bell.read, &number, 1) != 1 {}
    return Int32(number)
  }

  /// Runs the command as the task that signals cancel. Whatever a cancelled command fails with, the
  /// interruption was its cause.
  static func run(_ body: sending @escaping () async throws -> Void) async throws {
    let running = Task { try await body() }
    state.withLock { state in
      state.task = running
      if state.wasInterrupted { running.cancel() }
    }
    do {
      try await running.value
    } catch  where running.isCancelled {
      throw CommandFailure("interrupted", .interrupted)
    }
  }
}

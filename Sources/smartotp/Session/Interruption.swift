import Glibc
import Synchronization

/// Ctrl-C and SIGTERM end the command the way it ends anyway: the reader is handed back. A second
/// signal ends it at once.
enum Interruption {
  private static let task = Mutex<Task<Void, any Error>?>(nil)

  static func catchSignals() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    sigaddset(&signals, SIGHUP)
    // Blocked before any other thread exists, so that all inherit it and only the waiter sees them.
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    signal(SIGPIPE, SIG_IGN)
    var thread = pthread_t()
    let result = pthread_create(
      &thread, nil,
      { _ in
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGHUP)
        var received: Int32 = 0
        sigwait(&signals, &received)
        Interruption.task.withLock { $0?.cancel() }
        sigwait(&signals, &received)
        _exit(128 + received)
      }, nil)
    if result == 0 { pthread_detach(thread) }
  }

  /// Runs the command as the task that signals cancel.
  static func run(_ body: sending @escaping () async throws -> Void) async throws {
    let running = Task { try await body() }
    task.withLock { $0 = running }
    try await running.value
  }
}

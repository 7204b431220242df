import Glibc
import Synchronization

/// The thread that serves a simulated reader's port, and the state it shares with callers.
final class ReaderEngine: Sendable {
  private struct State: ~Copyable {
    var serial: SerialChip
    var thread: pthread_t?
    var isStopping = false
  }

  private let terminal: PseudoTerminal
  private let state: Mutex<State>
  private let doorbell: Doorbell

  var path: String { terminal.path }

  init(timing: Timing) throws(SimulationError) {
    terminal = try PseudoTerminal()
    doorbell = try Doorbell()
    state = Mutex(State(serial: SerialChip(timing: timing)))
  }

  /// Runs a change with the state to itself; the thread then looks at what is due.
  func change<Result: Sendable>(
    _ body: (inout SerialChip, _ now: Duration) -> sending Result
  ) -> Result {
    let result = state.withLock { state in body(&state.serial, MonotonicClock.now) }
    doorbell.ring()
    return result
  }

  // MARK: The thread

  func start() throws(SimulationError) {
    var thread = pthread_t()
    let engine = Unmanaged.passRetained(self)
    let code = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<ReaderEngine>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, engine.toOpaque())
    guard code == 0 else {
      engine.release()
      throw .system(call: "pthread_create", errno: code)
    }
    state.withLock { $0.thread = thread }
  }

  /// Ends the thread and waits for it.
  func stop() {
    let thread = state.withLock { state in
      state.isStopping = true
      return state.thread.take()
    }
    doorbell.ring()
    if let thread { pthread_join(thread, nil) }
  }

  private func run() {
    Waiting.makePrecise()
    while let wait = turn() {
      let moment: Duration? = if case .until(let moment) = wait { moment } else { nil }
      Waiting.untilReadable([terminal.master, doorbell.descriptor], or: moment)
      doorbell.silence()
    }
  }

  /// One round: read, do what is due, write. Returns how long to sleep at most; nil ends the thread.
  private func turn() -> Wait? {
    state.withLock { state in
      guard !state.isStopping else { return nil }
      let hostSpeed = terminal.hostSpeed ?? SerialChip.initialSpeed
      let bytes = terminal.read()
      let now = MonotonicClock.now
      if !bytes.isEmpty { state.serial.hostSent(bytes, speed: hostSpeed, at: now) }
      for chunk in state.serial.advance(to: now) { terminal.write(chunk.bytes) }
      return state.serial.nextEvent.map { .until($0) } ?? .forever
    }
  }

  private enum Wait {
    case forever
    case until(Duration)
  }
}

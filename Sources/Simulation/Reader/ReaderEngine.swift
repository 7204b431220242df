import Glibc
import Synchronization

/// The thread that serves a simulated reader's port, and the state it shares with callers.
final class ReaderEngine: Sendable {
  private struct State: ~Copyable {
    var serial: SerialChip
    var thread: pthread_t?
    var isStopping = false
    var tellsFlushes = false
  }

  private let terminal: PseudoTerminal
  private let state: Mutex<State>
  private let doorbell: Doorbell
  private let isPaced: Bool

  var path: String { terminal.path }

  init(timing: Timing, maximumSpeed: Int?) throws(SimulationError) {
    terminal = try PseudoTerminal()
    doorbell = try Doorbell()
    isPaced = timing.pacesSerialLine
    state = Mutex(State(serial: SerialChip(timing: timing, maximumSpeed: maximumSpeed)))
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
    let thread = try startThread(retaining: self) { $0.run() }
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
    if isPaced { Waiting.takePrecedence() }
    while let pause = turn() {
      let line = pause.listens ? [terminal.master] : []
      Waiting.untilReadable(line + [doorbell.descriptor], or: pause.end)
      doorbell.silence()
    }
  }

  /// What to wait for before the next round.
  private struct Pause {
    var end: Duration?
    var listens: Bool
  }

  /// One round: read, do what is due, write. Nil ends the thread.
  private func turn() -> Pause? {
    state.withLock { state in
      guard !state.isStopping else { return nil }
      let now = listen(&state)
      for chunk in state.serial.advance(to: now) { deliver(chunk, state.serial.maximumSpeed) }
      if state.tellsFlushes != state.serial.awaitsNewSpeed {
        state.tellsFlushes.toggle()
        terminal.tellFlushes(state.tellsFlushes)
      }
      return Pause(end: state.serial.nextEvent, listens: !state.serial.isFull)
    }
  }

  private func deliver(_ chunk: SerialLine.Chunk, _ maximumSpeed: Int?) {
    terminal.write(
      LineSpeed.received(
        chunk.bytes, sentAt: chunk.speed, readAt: hostSpeed, maximum: maximumSpeed))
  }

  /// A speed that has no name is taken for the usual one.
  private var hostSpeed: Int { terminal.hostSpeed ?? SerialChip.initialSpeed }

  /// Takes what the host has written, and returns when that was. The speed is asked for after the
  /// bytes are there: a host sets it, writes, and leaves it while it waits for the answer.
  ///
  /// But a host that acknowledges a change of speed and at once flushes and re-opens its port, as
  /// nfcpy does, may take the acknowledgement back from a pseudo-terminal. From a UART it can't:
  /// those six bytes are in its FIFO already. So a flush at that moment counts as the
  /// acknowledgement.
  private func listen(_ state: inout State) -> Duration {
    guard !state.serial.isFull else { return MonotonicClock.now }
    guard state.tellsFlushes else {
      let bytes = terminal.read()
      let now = MonotonicClock.now
      if !bytes.isEmpty { state.serial.hostSent(bytes, speed: hostSpeed, at: now) }
      return now
    }
    let (bytes, wasFlushed) = terminal.readTellingFlushes()
    let now = MonotonicClock.now
    if wasFlushed || !bytes.isEmpty {
      state.serial.hostSentWhileChangingSpeed(bytes, speed: hostSpeed, at: now)
    }
    return now
  }
}

import CLinux
import Glibc
import Synchronization

/// A program under test, started as a shell starts it: in a process group of its own.
///
/// A thread reads what it writes until it ends; nobody waits longer than `limit` for that.
final class RunningProgram: Sendable {
  private struct State {
    var output: [UInt8] = []
    var errors: [UInt8] = []
    var status: Int32?
    var waiting:
      [(isMet: @Sendable (Outcome) -> Bool, continuation: CheckedContinuation<Void, Never>)] =
        []
  }

  let process: pid_t
  private let state = Mutex(State())
  /// Our end of its standard input, or of its terminal.
  private let inputEnd: Int32
  private let isAtTerminal: Bool

  /// A program that takes longer is killed: its status is then -9.
  private static let limit: Int32 = 60_000

  /// - Parameter input: all of its input; nil when it will be typed.
  init(_ arguments: [String], environment: [String], input: String? = "") throws {
    let (inputEnds, outputEnds, errorEnds) = try (Ends(), Ends(), Ends())
    process = try Self.spawn(arguments, environment, inputEnds, outputEnds, errorEnds)
    inputEnd = inputEnds.write
    isAtTerminal = false
    for end in [inputEnds.read, outputEnds.write, errorEnds.write] { close(end) }
    if let input {
      type(input)
      close(inputEnd)
    }
    startThread { [self] in
      listen(output: outputEnds.read, errors: errorEnds.read)
      if input == nil { close(inputEnd) }
    }
  }

  /// Starts a program at a terminal of its own, in a session of its own. What it writes, and what the
  /// terminal echoes, all comes as output.
  init(atTerminal arguments: [String], environment: [String]) throws {
    let terminal = try TestTerminal()
    let errorEnds = try Ends()
    process = try Self.spawn(arguments, environment, at: terminal)
    inputEnd = terminal.master
    isAtTerminal = true
    close(terminal.slave)
    close(errorEnds.write)
    let output = dup(terminal.master)
    startThread { [self] in listen(output: output, errors: errorEnds.read) }
  }

  deinit { if isAtTerminal { close(inputEnd) } }

  /// How the terminal is set, of a program that runs at one.
  var terminalSettings: termios {
    var settings = termios()
    tcgetattr(inputEnd, &settings)
    return settings
  }

  /// Presses Ctrl and a letter at the terminal.
  func press(control letter: Character) {
    type(String(decoding: [(letter.asciiValue ?? 0) & 0x1F], as: UTF8.self))
  }

  func type(_ text: String) {
    _ = Array(text.utf8).withUnsafeBytes { write(inputEnd, $0.baseAddress, $0.count) }
  }

  /// Signals the whole group, as Ctrl-C at a terminal does.
  func interrupt() { kill(-process, SIGINT) }

  func signal(_ signal: Int32) { kill(process, signal) }

  /// Waits until the program has written so many lines to standard output, or has ended.
  func lines(_ count: Int) async {
    await wait { $0.output.utf8.count { $0 == 0x0A } >= count }
  }

  /// Waits until what the program has written to standard output passes the test, or it has ended.
  func output(until isEnough: @escaping @Sendable (String) -> Bool) async -> String {
    await wait { isEnough($0.output) }
    return outcome.output
  }

  func end() async -> Outcome {
    await wait { _ in false }
    return outcome
  }

  func errorsContain(_ text: String) -> Bool { outcome.errors.contains(text) }

  /// Lines on standard output so far.
  var lineCount: Int { outcome.output.utf8.count { $0 == 0x0A } }

  var hasEnded: Bool { state.withLock { $0.status != nil } }

  private var outcome: Outcome { state.withLock { Self.outcome($0) } }

  private static func outcome(_ state: State) -> Outcome {
    Outcome(
      output: String(decoding: state.output, as: UTF8.self),
      errors: String(decoding: state.errors, as: UTF8.self), status: state.status ?? 0)
  }

  private func wait(until isMet: @escaping @Sendable (Outcome) -> Bool) async {
    await withCheckedContinuation { continuation in
      let isOver = state.withLock { state in
        let isOver = state.status != nil || isMet(Self.outcome(state))
        if !isOver { state.waiting.append((isMet, continuation)) }
        return isOver
      }
      if isOver { continuation.resume() }
    }
  }

  private func change(_ body: (inout State) -> Void) {
    let met = state.withLock { state in
      body(&state)
      let outcome = Self.outcome(state)
      let met = state.waiting.filter { state.status != nil || $0.isMet(outcome) }
      state.waiting.removeAll { state.status != nil || $0.isMet(outcome) }
      return met
    }
    for waiting in met { waiting.continuation.resume() }
  }
}

// MARK: - The thread

extension RunningProgram {
  private func listen(output: Int32, errors: Int32) {
    let start = Self.milliseconds()
    var open = [output, errors]
    while !open.isEmpty {
      var events = open.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      let left = Self.limit - (Self.milliseconds() - start)
      guard left > 0, poll(&events, nfds_t(events.count), left) > 0 else { break }
      for event in events where event.revents != 0 {
        let bytes = Self.read(event.fd)
        if bytes.isEmpty { open.removeAll { $0 == event.fd } }
        change { state in
          if event.fd == output { state.output += bytes } else { state.errors += bytes }
        }
      }
    }
    if !open.isEmpty { kill(-process, SIGKILL) }
    var status: Int32 = 0
    waitpid(process, &status, 0)
    for end in [output, errors] { close(end) }
    let signal = status & 0x7F
    change { $0.status = signal == 0 ? status >> 8 & 0xFF : -signal }
  }

  private static func read(_ descriptor: Int32) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
      count = max(0, Glibc.read(descriptor, buffer.baseAddress, buffer.count))
    }
  }

  private static func milliseconds() -> Int32 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int32(truncatingIfNeeded: time.tv_sec * 1000 + time.tv_nsec / 1_000_000)
  }

  private func startThread(_ body: @escaping @Sendable () -> Void) {
    let box = Unmanaged.passRetained(Body(body))
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().body()
        return nil
      }, box.toOpaque())
    pthread_detach(thread)
  }

  private final class Body {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}

// MARK: - Starting

extension RunningProgram {
  struct Failure: Error { var errno: Int32 }

  private struct Ends {
    let read: Int32
    let write: Int32

    init() throws {
      var ends: [Int32] = [-1, -1]
      guard linux_pipe_cloexec(&ends) == 0 else { throw Failure(errno: errno) }
      (read, write) = (ends[0], ends[1])
    }
  }

  private static func spawn(
    _ arguments: [String], _ environment: [String], _ input: Ends, _ output: Ends, _ errors: Ends
  ) throws -> pid_t {
    try spawn(arguments, environment, flags: POSIX_SPAWN_SETPGROUP) { actions in
      posix_spawn_file_actions_adddup2(&actions, input.read, STDIN_FILENO)
      posix_spawn_file_actions_adddup2(&actions, output.write, STDOUT_FILENO)
      posix_spawn_file_actions_adddup2(&actions, errors.write, STDERR_FILENO)
    }
  }

  /// The first terminal that the leader of a session opens is the session's own.
  private static func spawn(
    _ arguments: [String], _ environment: [String], at terminal: TestTerminal
  ) throws -> pid_t {
    try spawn(arguments, environment, flags: TestTerminal.newSession) { actions in
      posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, terminal.path, O_RDWR, 0)
      posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDOUT_FILENO)
      posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDERR_FILENO)
    }
  }

  private static func spawn(
    _ arguments: [String], _ environment: [String], flags: Int32,
    standardFiles: (inout posix_spawn_file_actions_t) -> Void
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    standardFiles(&actions)
    // Nothing of the test's own: an inherited end of a pseudo-terminal would keep it alive.
    _ = linux_spawn_close_from(&actions, 3)
    var (all, none) = (sigset_t(), sigset_t())
    sigfillset(&all)
    sigemptyset(&none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | flags))
    let words = arguments.map { strdup($0) } + [nil]
    let variables = environment.map { strdup($0) } + [nil]
    defer { for text in words + variables { free(text) } }
    var process = pid_t()
    let result = posix_spawnp(&process, arguments[0], &actions, &attributes, words, variables)
    guard result == 0 else { throw Failure(errno: result) }
    return process
  }
}

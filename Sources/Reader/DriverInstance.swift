import CLinux
import Glibc
import Threads

/// One running driver and our ends of its pipe pair or connection. Exactly one `DriverLink` owns it and calls
/// `end` once.
struct DriverInstance: Sendable {
  /// How it ended.
  enum End: Hashable, Sendable {
    case signal(Int32)
    /// 0 also for a service, which does not tell.
    case exit(Int32)
  }

  private enum Host {
    case process(pid_t)
    case thread, service
  }

  /// Our end for requests, a socket.
  let requests: Int32
  /// Our end for messages, non-blocking; the same as `requests` with a service.
  let messages: Int32
  private let host: Host

  static func start(_ program: DriverProgram) throws(ReaderError) -> DriverInstance {
    switch program {
    case .process(let path, let environment):
      let (requests, messages) = try pipes()
      let process = spawn(
        path, environment: environment, input: requests.read, output: messages.write)
      close(requests.read)
      close(messages.write)
      guard let process else {
        close(requests.write)
        close(messages.read)
        throw .driverMissing(path)
      }
      return DriverInstance(
        requests: requests.write, messages: messages.read, host: .process(process))
    case .socket(let path):
      let connection = try DriverService.connect(path)
      return DriverInstance(requests: connection, messages: connection, host: .service)
    case .thread(let serve):
      let (requests, messages) = try pipes()
      DetachedThread.run {
        serve(requests.read, messages.write)
        close(requests.read)
        close(messages.write)
      }
      return DriverInstance(requests: requests.write, messages: messages.read, host: .thread)
    }
  }

  private static func pipes() throws(ReaderError) -> (requests: Pipe, messages: Pipe) {
    guard let requests = Pipe.makeSocket() else { throw .fault(.unsupported) }
    guard let messages = Pipe.make() else {
      requests.close()
      throw .fault(.unsupported)
    }
    _ = fcntl(messages.read, F_SETFL, O_NONBLOCK)
    return (requests, messages)
  }

  /// No environment but what the program names and a word to Swift's runtime, only the pipe pair,
  /// default signals: nothing of ours reaches the process that may be taken over by a card.
  private static func spawn(
    _ path: String, environment: [String: String], input: Int32, output: Int32
  ) -> pid_t? {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    // Descriptors that the caller's other libraries opened without close-on-exec.
    _ = linux_spawn_close_from(&actions, 3)
    var all = sigset_t()
    sigfillset(&all)
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    var process = pid_t()
    let name = strdup(path)
    defer { free(name) }
    let arguments: [UnsafeMutablePointer<CChar>?] = [name, nil]
    let variables = environment.map { "\($0)=\($1)" } + ["SWIFT_BACKTRACE=enable=no"]
    let texts = variables.map { strdup($0) }
    defer { for text in texts { free(text) } }
    return posix_spawn(&process, path, &actions, &attributes, arguments, texts + [nil]) == 0
      ? process : nil
  }

  /// Sends bytes without waiting: a driver that does not read must not stop its caller. Returns
  /// how many went, negative for none.
  func send(_ bytes: [UInt8]) -> Int {
    bytes.withUnsafeBytes {
      Glibc.send(
        requests, $0.baseAddress, $0.count,
        Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
    }
  }

  /// Kills the process, a stopped one as well; has a service kill itself. Does nothing to a thread,
  /// which ends with its pipe.
  func kill() {
    switch host {
    case .process(let process): Glibc.kill(process, SIGKILL)
    case .service: DriverService.hangUp(requests)
    case .thread: break
    }
  }

  /// Closes our ends and waits for the driver to be gone. Given a moment to hand the chip back,
  /// killed when it does not use it.
  func end(graceMilliseconds: Int) -> End {
    switch host {
    case .thread:
      close(requests)
      close(messages)
      return .exit(0)
    case .service:
      DriverService.hangUp(requests)
      _ = DriverService.waitForEnd(
        messages, milliseconds: graceMilliseconds + Self.deathMilliseconds)
      close(messages)
      return .exit(0)
    case .process(let process):
      close(requests)
      defer { close(messages) }
      return end(process, graceMilliseconds: graceMilliseconds)
    }
  }

  private func end(_ process: pid_t, graceMilliseconds: Int) -> End {
    if let end = Self.wait(for: process, graceMilliseconds, draining: messages) { return end }
    Glibc.kill(process, SIGKILL)
    if let end = Self.wait(for: process, Self.deathMilliseconds, draining: messages) { return end }
    // Stuck inside the kernel, where no signal reaches it: nobody waits for that but a thread.
    DetachedThread.run { waitpid(process, nil, 0) }
    return .signal(SIGKILL)
  }

  /// How long a killed process may take to go.
  private static let deathMilliseconds = 500

  /// How the process ended, nil when it did not within the time.
  private static func wait(
    for process: pid_t, _ milliseconds: Int, draining messages: Int32
  ) -> End? {
    var status: Int32 = 0
    var waited = 0
    while true {
      let reaped = waitpid(process, &status, WNOHANG)
      if reaped == process { break }
      // No such child: somebody else's wait took it.
      if reaped < 0 { return .exit(0) }
      if waited >= milliseconds { return nil }
      // A message still on its way must not block the driver's exit.
      Pipe.discard(messages, waitingMilliseconds: 2)
      waited += 2
    }
    let signal = status & 0x7F
    return signal == 0 ? .exit(status >> 8 & 0xFF) : .signal(signal)
  }
}

/// A pipe whose ends are closed in whatever is executed later.
struct Pipe {
  let read: Int32
  let write: Int32

  static func make() -> Pipe? {
    var ends: [Int32] = [-1, -1]
    guard linux_pipe_cloexec(&ends) == 0 else { return nil }
    return Pipe(read: ends[0], write: ends[1])
  }

  /// The same as a socket, which can be written without raising SIGPIPE in a program that did not
  /// ask for it, and which holds the longest request while the other side is not reading.
  static func makeSocket() -> Pipe? {
    var ends: [Int32] = [-1, -1]
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { return nil }
    return Pipe(read: ends[0], write: ends[1])
  }

  func close() {
    Glibc.close(read)
    Glibc.close(write)
  }

  /// Waits for input or the time to pass, and drops the input.
  static func discard(_ descriptor: Int32, waitingMilliseconds: Int32) {
    var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&event, 1, waitingMilliseconds) > 0 else { return }
    let count = withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) {
      Glibc.read(descriptor, $0.baseAddress, $0.count)
    }
    // At end of file poll returns at once for ever; rest instead.
    if count <= 0 { poll(nil, 0, waitingMilliseconds) }
  }
}

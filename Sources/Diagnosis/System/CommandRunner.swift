import CLinux
import Glibc
import Threads

/// Runs the few programs that know what no file tells.
public protocol CommandRunner: Sendable {
  /// What the program prints, at most 16 KB; nil when it is not there, fails, or takes too long.
  func output(of arguments: [String], within milliseconds: Int) async -> String?
}

/// Programs of this system, from its own folders only: the search path may be anybody's.
public struct SystemCommands: CommandRunner {
  private static let folders = ["/usr/bin", "/bin", "/usr/sbin", "/sbin"]
  private static let outputLimit = 16_384

  public init() {}

  public func output(of arguments: [String], within milliseconds: Int) async -> String? {
    guard let name = arguments.first, !name.contains("/"),
      let path = Self.folders.map({ (folder) -> String in "\(folder)/\(name)" }).first(where: {
        access($0, X_OK) == 0
      })
    else { return nil }
    return await withCheckedContinuation { continuation in
      let run: @Sendable () -> Void = {
        Self.run(path, arguments, milliseconds) { continuation.resume(returning: $0) }
      }
      // No thread to be had: late is better than never.
      if !DetachedThread.run(run) { run() }
    }
  }

  /// Calls `answer` once, by the end of the time whatever the program does.
  private static func run(
    _ path: String, _ arguments: [String], _ milliseconds: Int, answer: (String?) -> Void
  ) {
    var ends: [Int32] = [-1, -1]
    guard linux_pipe_cloexec(&ends) == 0 else { return answer(nil) }
    let process = spawn(path, arguments, output: ends[1])
    close(ends[1])
    let end = ContinuousClock.now + .milliseconds(milliseconds)
    let output = process == nil ? nil : read(ends[0], until: end)
    close(ends[0])
    guard let process else { return answer(nil) }
    var status: Int32 = 0
    var ended = waitpid(process, &status, WNOHANG)
    while output != nil, ended == 0, end > .now {
      poll(nil, 0, 1)
      ended = waitpid(process, &status, WNOHANG)
    }
    let succeeded = ended == process && status == 0
    answer(succeeded ? output.map { String(decoding: $0, as: UTF8.self) } : nil)
    guard ended == 0 else { return }
    // One that hangs in the kernel keeps this thread and nothing else.
    kill(process, SIGKILL)
    waitpid(process, &status, 0)
  }

  private static func spawn(_ path: String, _ arguments: [String], output: Int32) -> pid_t? {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    _ = linux_spawn_close_from(&actions, 3)
    let words = arguments.map { strdup($0) } + [nil]
    let environment = [strdup("LC_ALL=C"), strdup("PATH=/usr/bin:/bin:/usr/sbin:/sbin"), nil]
    defer { for word in words + environment { free(word) } }
    var process = pid_t()
    return posix_spawn(&process, path, &actions, nil, words, environment) == 0 ? process : nil
  }

  /// Nil when it did not end in time.
  private static func read(_ descriptor: Int32, until end: ContinuousClock.Instant) -> [UInt8]? {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let left = end - .now
      guard left > .zero else { return nil }
      var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let (seconds, attoseconds) = left.components
      let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1
      guard poll(&event, 1, Int32(clamping: milliseconds)) > 0 else { return nil }
      let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { return bytes }
      if bytes.count < outputLimit { bytes += chunk[..<count] }
    }
  }
}

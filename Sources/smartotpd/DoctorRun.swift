import Appliance
import CLinux
import Glibc
import Threads

/// `smartotp doctor --json` as the branch API gives it out.
struct DoctorRun: Sendable {
  let program: String
  let reader: String?
  private static let limit = 262_144
  private static let milliseconds: Int32 = 40_000

  /// - Returns: `{"checks":[…],"verdict":{…}}`.
  func report() async throws(BranchRefusal) -> String {
    let text: String? = await withCheckedContinuation { continuation in
      let run: @Sendable () -> Void = { continuation.resume(returning: output()) }
      if !DetachedThread.run(run) { continuation.resume(returning: nil) }
    }
    guard let text else { throw .unavailable("the doctor (\(program)) gave no report") }
    let lines = text.split(separator: "\n").filter { $0.first == "{" && $0.last == "}" }
    guard let verdict = lines.last, lines.count > 1 else {
      throw .unavailable("the doctor's report cannot be read")
    }
    return "{\"checks\":[\(lines.dropLast().joined(separator: ","))],\"verdict\":\(verdict)}"
  }

  /// Nil when it cannot be started, says too much, or takes too long.
  private func output() -> String? {
    var ends: [Int32] = [-1, -1]
    guard linux_pipe_cloexec(&ends) == 0 else { return nil }
    defer { close(ends[0]) }
    let process = spawn(output: ends[1])
    close(ends[1])
    guard let process else { return nil }
    defer {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
    let end = ContinuousClock.now + .milliseconds(Int(Self.milliseconds))
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 8192)
    while .now < end {
      var event = pollfd(fd: ends[0], events: Int16(POLLIN), revents: 0)
      guard poll(&event, 1, 1000) > 0 else { continue }
      let count = read(ends[0], &chunk, chunk.count)
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      guard count > 0, bytes.count + count <= Self.limit else { return nil }
      bytes += chunk[..<count]
    }
    return nil
  }

  private func spawn(output: Int32) -> pid_t? {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    _ = linux_spawn_close_from(&actions, 3)
    var words = [program, "doctor", "--json"]
    if let reader { words += ["--reader", reader] }
    let arguments = words.map { strdup($0) }
    let variables = Invocation.current.environment.map { strdup("\($0)=\($1)") }
    defer { for text in arguments + variables { free(text) } }
    var process = pid_t()
    let result = posix_spawn(
      &process, program, &actions, nil, arguments + [nil], variables + [nil])
    return result == 0 ? process : nil
  }
}

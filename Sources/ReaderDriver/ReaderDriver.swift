import CLinux
import Glibc
import ReaderWire

/// The side of the reader that holds libnfc. Runs in a process of its own, `smartotp-reader`; tests
/// and debuggers may run it on a thread.
public enum ReaderDriver {
  /// Serves requests from `input` until it closes, messages go to `output`. Blocks.
  public static func serve(input: Int32, output: Int32) {
    DriverLoop(pipe: RequestPipe(input: input, output: output)).run()
  }

  /// Serves on standard input and output as a process, a pipe pair or one connection from systemd:
  /// nothing else may write there, and the process ends soon after the other side closed, whatever
  /// libnfc does at that time.
  public static func serveAsProcess() -> Int32 {
    signal(SIGPIPE, SIG_IGN)
    // Ctrl-C goes to the whole terminal group; this process ends when its pipe does.
    signal(SIGINT, SIG_IGN)
    signal(SIGTERM, SIG_IGN)
    // A crash has to end the process at once: Swift's own crash handler would keep it, and the
    // reader with it, for as long as it takes to print a backtrace nobody reads.
    for crash in [SIGSEGV, SIGABRT, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGQUIT] {
      signal(crash, SIG_DFL)
    }
    waitOnStandardInput()
    guard let output = quietStandardOutput() else { return 71 }
    Confinement.apply()
    HangUpGuard.start(watching: STDIN_FILENO)
    serve(input: STDIN_FILENO, output: output)
    return 0
  }

  /// A connection handed over may be set not to wait, and with it what is written there.
  private static func waitOnStandardInput() {
    let flags = fcntl(STDIN_FILENO, F_GETFL)
    if flags >= 0, flags & O_NONBLOCK != 0 { _ = fcntl(STDIN_FILENO, F_SETFL, flags & ~O_NONBLOCK) }
  }

  /// Moves the pipe away from descriptor 1 and lets whatever a C library prints go nowhere.
  private static func quietStandardOutput() -> Int32? {
    let output = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
    let null = open("/dev/null", O_WRONLY | O_CLOEXEC)
    guard output >= 0, null >= 0, dup2(null, STDOUT_FILENO) >= 0, dup2(null, STDERR_FILENO) >= 0
    else { return nil }
    close(null)
    return output
  }
}

/// What the process gives up before it touches a card.
enum Confinement {
  static func apply() {
    // A core dump would hold what the card said.
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    var few = rlimit(rlim_cur: 64, rlim_max: 64)
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &few)
    _ = linux_give_up_new_privileges()
  }
}

import Glibc

/// Runs a command of `doctor --fix` in a shell, at this terminal.
enum FixRunner {
  /// The command's exit status, as a shell reports it.
  static func run(_ command: String) -> Int32 {
    // For root `sudo` is nothing, and need not be installed.
    let text = geteuid() == 0 ? "sudo() { \"$@\"; }; \(command)" : command
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // The signals this program keeps for itself are the command's as well.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    let words: [UnsafeMutablePointer<CChar>?] = [strdup("sh"), strdup("-c"), strdup(text), nil]
    defer { for word in words { free(word) } }
    var process = pid_t()
    guard posix_spawn(&process, "/bin/sh", nil, &attributes, words, environ) == 0 else {
      return 127
    }
    var status: Int32 = 0
    waitpid(process, &status, 0)
    return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + (status & 0x7F)
  }
}

import Glibc

/// A pipe or socket whose reader left answers a write with a signal that ends the process, where an error is
/// enough.
enum BrokenPipe {
  /// Runs `write`; the signal, if it caused one, is taken back.
  static func withoutSignal(_ write: () -> Int) -> Int {
    var pipe = sigset_t()
    var old = sigset_t()
    sigemptyset(&pipe)
    sigaddset(&pipe, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &pipe, &old)
    let result = write()
    let code = errno
    if result < 0 && code == EPIPE && sigismember(&old, SIGPIPE) == 0 {
      var none = timespec()
      _ = sigtimedwait(&pipe, nil, &none)
    }
    pthread_sigmask(SIG_SETMASK, &old, nil)
    errno = code
    return result
  }
}

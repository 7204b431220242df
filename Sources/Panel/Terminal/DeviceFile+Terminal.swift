import Appliance
import CLinux
import Glibc

extension DeviceFile {
  /// Standard output, opened anew: what others have of the same terminal must not become
  /// non-blocking. Where that cannot be, as on a socket, the same descriptor again.
  init(standardOutputWith opener: DeviceOpener) throws(DisplayError) {
    let path = "standard output"
    let own = opener("/proc/self/fd/1", O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    if own >= 0 {
      self.init(descriptor: own, path: path)
      return
    }
    let shared = fcntl(1, F_DUPFD_CLOEXEC, 3)
    guard shared >= 0 else { throw .opening(path, errno) }
    self.init(descriptor: shared, path: path, isShared: true)
  }

  /// As the terminal says now; 80 by 24 where it does not.
  var terminalSize: TextSize {
    var size = winsize()
    guard isTerminal, linux_ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 else {
      return .standard
    }
    return TextSize(columns: Int(size.ws_col), rows: Int(size.ws_row))
  }

  /// What is typed there is not echoed into the picture.
  func silenceKeyboard() {
    var settings = termios()
    guard tcgetattr(descriptor, &settings) == 0 else { return }
    settings.c_lflag &= ~tcflag_t(ECHO | ECHONL | ICANON)
    settings.c_cflag |= tcflag_t(CLOCAL)
    tcsetattr(descriptor, TCSANOW, &settings)
  }
}

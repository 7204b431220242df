import Glibc
import ReaderDriver

/// The process that holds libnfc. Started by programs of this package, never by hand.
@main
struct Program {
  static func main() {
    guard isatty(STDIN_FILENO) == 0 else {
      let advice = "smartotp-reader: started by smartotp and smartotpd; run one of those\n"
      _ = advice.withCString { write(STDERR_FILENO, $0, strlen($0)) }
      exit(64)
    }
    exit(ReaderDriver.serveAsProcess())
  }
}

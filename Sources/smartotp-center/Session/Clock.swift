import Glibc
import SmartOTP

extension UnixTime {
  /// By this machine's clock.
  static var now: UnixTime { UnixTime(Int64(time(nil))) }
}

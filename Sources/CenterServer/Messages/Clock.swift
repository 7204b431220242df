import Glibc
import SmartOTP
import Synchronization

extension UnixTime {
  /// By this machine's clock.
  static var now: UnixTime {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return UnixTime(Int64(time.tv_sec))
  }
}

/// The Date field (RFC 9110, 5.6.7), made once a second.
final class HTTPDate: Sendable {
  private let latest = Mutex<(time: UnixTime, text: String)>((UnixTime(0), ""))

  func text(at time: UnixTime) -> String {
    latest.withLock { latest in
      if latest.time != time { latest = (time, Self.format(time)) }
      return latest.text
    }
  }

  static func format(_ time: UnixTime) -> String {
    var seconds = time_t(time.seconds)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    var buffer = [CChar](repeating: 0, count: 32)
    // In the C locale, which a program has unless it asks for another.
    let count = strftime(&buffer, buffer.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
    return String(decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}

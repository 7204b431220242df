import Glibc
import SmartOTP

/// The two clocks of the appliance: deadlines go by the monotonic one, logs by the other.
struct ApplianceClock: Sendable {
  private let start = ContinuousClock.now

  func moment() -> Moment { moment(of: .now) }

  func moment(of instant: ContinuousClock.Instant) -> Moment {
    Moment(milliseconds: start.duration(to: instant).wholeMilliseconds)
  }

  func instant(of moment: Moment) -> ContinuousClock.Instant {
    start + .milliseconds(moment.milliseconds)
  }

  var uptimeSeconds: Int64 { moment().milliseconds / 1000 }

  static func unixTime() -> UnixTime { UnixTime(Int64(time(nil))) }
}

extension Duration {
  var wholeMilliseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1000 + attoseconds / 1_000_000_000_000_000
  }
}

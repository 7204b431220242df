import SmartOTP

/// Where a device's stream is among the events of all devices, which are counted together.
struct EventCursor: Hashable {
  /// The last event that the device has.
  private(set) var sent: Int64
  /// Up to there nothing is left for the device. Others' events count on: who waited for what comes after
  /// `sent` would be woken by those at once, over and over.
  private(set) var seen: Int64

  init(after last: Int64) {
    sent = last
    seen = last
  }

  /// - Parameters:
  ///   - events: the device's after `sent`, oldest first.
  ///   - newest: the newest event of all, as it was before these were asked for.
  mutating func take(_ events: [DeviceEvent], newest: Int64) {
    if let last = events.last {
      sent = last.id
      seen = last.id
    } else {
      seen = max(seen, newest)
    }
  }
}

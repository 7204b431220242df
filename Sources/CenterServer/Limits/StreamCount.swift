import SmartOTP
import Synchronization

/// How many event streams are open, in all and for each device.
final class StreamCount: Sendable {
  /// More than one, since a stream whose device vanished is noticed late.
  static let limitPerDevice = 4

  private let limit: Int
  private let counts = Mutex<(total: Int, devices: [DeviceID: Int])>((0, [:]))

  init(limit: Int = 4_096) { self.limit = limit }

  var total: Int { counts.withLock { $0.total } }

  /// Counts one more; false when there are too many.
  func open(_ device: DeviceID) -> Bool {
    counts.withLock { counts in
      guard counts.total < limit, counts.devices[device, default: 0] < Self.limitPerDevice else {
        return false
      }
      counts.total += 1
      counts.devices[device, default: 0] += 1
      return true
    }
  }

  func close(_ device: DeviceID) {
    counts.withLock { counts in
      counts.total -= 1
      let left = counts.devices[device, default: 1] - 1
      counts.devices[device] = left > 0 ? left : nil
    }
  }
}

import Center
import GRDB
import SmartOTP

extension SQLiteStore {
  static let eventLimitRange = 1...1000

  public func events(
    for device: DeviceID, after last: Int64, limit: Int
  ) async throws(Refusal) -> [DeviceEvent] {
    let limit = min(max(limit, Self.eventLimitRange.lowerBound), Self.eventLimitRange.upperBound)
    return try await read { database in
      guard let row = try database.device(device) else { throw Refusal(.deviceUnknown) }
      return try database.all(
        """
        SELECT device_events.number, kind, cards.vendor_code, cards.serial, transaction_id, time
        FROM device_events JOIN cards ON cards.number = device_events.card
        WHERE device = ? AND device_events.number > ? ORDER BY device_events.number LIMIT ?
        """, .integer(row.number), .integer(last), .int(limit)
      ) { row in
        DeviceEvent(
          id: row.integer(0), kind: try row.word(1), card: try row.card(2),
          transaction: try row.optional(4, row.checked), time: row.time(5))
      }
    }
  }

  public func lastEventID() async throws(Refusal) -> Int64 {
    try await read { try $0.lastDeviceEvent() }
  }

  public func awaitEvents(after last: Int64, until deadline: ContinuousClock.Instant) async {
    await signal.wait(after: last, until: deadline)
  }
}

import Center
import HTTPService
import HummingbirdCore
import NIOCore
import ServiceLifecycle
import SmartOTP

/// Server-sent events for one device (HTML, section 9.2), from the store as they come.
///
/// Nothing is kept here: a slow reader holds up only itself, and after `writeTime` it is cut off and
/// resumes with `Last-Event-ID`. The stream ends with the device's certificate and with the server.
struct EventStream: Sendable {
  /// An idle stream says that it lives, and looks whether its device may still listen.
  static let keepAliveSeconds = 15
  private static let batchLimit = 64

  let store: any Store
  let device: DeviceID
  /// Serial number of the certificate that opened the stream.
  let certificate: [UInt8]
  /// The last event that the device has; nil for one that begins now.
  let last: Int64?
  let writeTime: Duration
  /// Called once, when the stream has ended.
  let close: @Sendable () -> Void

  func write(to writer: inout any ResponseBodyWriter, _ channel: any Channel) async throws {
    defer { close() }
    var cursor = EventCursor(after: try await begin(&writer, channel))
    var keepAlive = ContinuousClock.now + .seconds(Self.keepAliveSeconds)
    while true {
      let newest = try await store.lastEventID()
      let events = try await store.events(
        for: device, after: cursor.sent, limit: Self.batchLimit)
      cursor.take(events, newest: newest)
      if !events.isEmpty { try await send(events.map(EventText.init), to: &writer, channel) }
      // After the events: the last of a revoked device tell it to forget its keys.
      guard !Task.isShuttingDownGracefully, !Task.isCancelled, try await mayListen() else { return }
      if events.isEmpty { await wait(after: cursor.seen, until: keepAlive) }
      if !events.isEmpty || .now >= keepAlive {
        if events.isEmpty { try await send([EventText.keepAlive], to: &writer, channel) }
        keepAlive = .now + .seconds(Self.keepAliveSeconds)
      }
    }
  }

  /// Without history, what is pending for the device's cards comes first.
  private func begin(
    _ writer: inout any ResponseBodyWriter, _ channel: any Channel
  ) async throws -> Int64 {
    if let last {
      try await send([EventText.opening], to: &writer, channel)
      return last
    }
    let newest = try await store.lastEventID()
    let pending = try await pendingEvents(id: newest)
    try await send([EventText.opening] + pending.map(EventText.init), to: &writer, channel)
    return newest
  }

  private func pendingEvents(id: Int64) async throws -> [DeviceEvent] {
    let now = UnixTime.now
    var events: [DeviceEvent] = []
    for card in try await store.cards(on: device) {
      let open = try await store.openTransactions(for: card.card, on: device, at: now)
      events += open.map {
        DeviceEvent(
          id: id, kind: .transactionPending, card: card.card, transaction: $0.id,
          time: $0.createdAt)
      }
    }
    return events
  }

  private func mayListen() async throws -> Bool {
    guard let record = try await store.certificate(serial: certificate) else { return false }
    return record.revokedAt == nil && UnixTime.now < record.expiresAt
  }

  private func wait(after seen: Int64, until deadline: ContinuousClock.Instant) async {
    await cancelWhenGracefulShutdown {
      await store.awaitEvents(after: seen, until: deadline)
    }
  }

  /// A write waits while the client does not read; a timer ends the wait with the connection.
  private func send(
    _ texts: [EventText], to writer: inout any ResponseBodyWriter, _ channel: any Channel
  ) async throws {
    try await channel.within(writeTime) {
      try await writer.write(ByteBuffer(string: texts.map(\.text).joined()))
    }
  }
}

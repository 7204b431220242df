import Appliance
import HummingbirdCore
import NIOCore

/// Server-sent events for one client (HTML, section 9.2), from the hub as they come.
///
/// A slow client holds up only itself: one that takes nothing for `writeSeconds` is cut off, and one
/// that falls behind the hub is told so.
struct EventStream: OpenStream {
  let hub: EventHub
  let listener: EventHub.Listener
  /// What the client sent as Last-Event-ID.
  let last: String?
  let heartbeatSeconds: Int64
  let writeSeconds: Int64

  func write(to writer: inout any ResponseBodyWriter, _ channel: any Channel) async throws {
    try await withHeartbeat(of: channel) {
      try await send([.opening], to: &writer, channel)
      var position = beginning()
      var wakes = listener.wakes.makeAsyncIterator()
      var isSilent = false
      while !Task.isCancelled {
        let texts = news(after: &position)
        if !texts.isEmpty { try await send(texts, to: &writer, channel) }
        if texts.isEmpty, isSilent { try await send([.heartbeat], to: &writer, channel) }
        isSilent = texts.isEmpty
        if isSilent, await wakes.next() == nil { return }
      }
    }
  }

  /// Where the client is; before everything when that is not known any more.
  private func beginning() -> Int64 {
    guard let last else { return listener.newest }
    guard let position = EventPosition(last), position.start == hub.start else { return -1 }
    return position.number
  }

  private func news(after position: inout Int64) -> [EventText] {
    switch hub.events(after: position) {
    case .lost(let newest):
      position = newest
      return [.reset(at: EventPosition(start: hub.start, number: newest))]
    case .events(let events, let first):
      position += Int64(events.count)
      return events.enumerated().map { index, event in
        EventText(event, at: EventPosition(start: hub.start, number: first + Int64(index)))
      }
    }
  }
}

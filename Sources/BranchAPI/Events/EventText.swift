import Appliance
import SmartOTP

/// A piece of an event stream (HTML, section 9.2).
struct EventText: Sendable {
  let text: String

  /// So that the client sees at once that the stream is open, and how soon to come back.
  static let opening = EventText(text: "retry: 2000\n: open\n\n")
  /// The reader is the client's while the stream is open.
  static let lent = EventText(text: "event: lent\ndata: {}\n\n")
  static let heartbeat = EventText(text: ": alive\n\n")

  private init(text: String) { self.text = text }

  init(_ event: ApplianceEvent, at position: EventPosition) {
    // JSON as it is written here has no line break.
    let data = (try? MessageCoding.encode(event)).map { String(buffer: $0) } ?? "{}"
    text = "id: \(position.text)\nevent: \(event.kind.rawValue)\ndata: \(data)\n\n"
  }

  /// Events were missed: what is known from events must be asked for again.
  static func reset(at position: EventPosition) -> EventText {
    EventText(text: "id: \(position.text)\nevent: reset\ndata: {}\n\n")
  }
}

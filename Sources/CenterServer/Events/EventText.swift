import SmartOTP

/// A piece of an event stream.
struct EventText: Sendable {
  let text: String

  /// A comment, so that the client sees at once that the stream is open.
  static let opening = EventText(text: ": open\n\n")
  static let keepAlive = EventText(text: ": keep-alive\n\n")

  private init(text: String) { self.text = text }

  init(_ event: DeviceEvent) {
    // JSON as it is written here has no line break.
    let data = (try? MessageCoding.encode(event)).map { String(buffer: $0) } ?? "{}"
    text = "id: \(event.id)\nevent: \(event.kind.rawValue)\ndata: \(data)\n\n"
  }
}

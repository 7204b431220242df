import FoundationEssentials
import SmartOTP

/// Makes device events of a stream's pieces, each once.
struct DeviceEventReader {
  /// Events of one id that are told apart. There are several only at the beginning: what is pending
  /// then comes under the id that the stream begins after.
  private static let maximumSameIDCount = 1024

  private var parser = EventStreamParser()
  /// The newest id given out; what is below it is a duplicate.
  private(set) var last: Int64?
  /// What was given out with that id; nil when all of it was, before this reader began.
  private var newest: [DeviceEvent]?

  init(after last: Int64?) { self.last = last }

  /// A new connection begins: half an event of the old one is worth nothing.
  mutating func restart() { parser = EventStreamParser() }

  /// How long the centre asked to stay away, at most a minute.
  var requestedPause: Duration? {
    parser.retryMilliseconds.map { .milliseconds(min($0, 60_000)) }
  }

  /// - Throws: `malformedAnswer`. Events of a kind this client does not know are passed over.
  mutating func read(
    _ bytes: some Sequence<UInt8>
  ) throws(CenterServiceError) -> [DeviceEvent] {
    let parsed: [ServerSentEvent]
    do { parsed = try parser.read(bytes) } catch { throw .malformedAnswer("an event too long") }
    var events: [DeviceEvent] = []
    for event in parsed where DeviceEvent.Kind(rawValue: event.name) != nil {
      guard
        let value = try? JSONDecoder().decode(DeviceEvent.self, from: Data(event.data.utf8)),
        event.id.isEmpty || event.id == String(value.id)
      else { throw .malformedAnswer("an event of kind \(event.name)") }
      if isNew(value) { events.append(value) }
    }
    return events
  }

  private mutating func isNew(_ event: DeviceEvent) -> Bool {
    guard let last, event.id <= last else {
      self.last = event.id
      newest = [event]
      return true
    }
    guard event.id == last, let known = newest, !known.contains(event) else { return false }
    if known.count < Self.maximumSameIDCount { newest?.append(event) }
    return true
  }
}

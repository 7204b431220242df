/// One event of a `text/event-stream`.
struct ServerSentEvent: Hashable, Sendable {
  /// The last id seen up to here; empty when there was none.
  var id = ""
  /// `message` when the stream does not say.
  var name = "message"
  var data = ""
}

/// Why a stream is not read on.
enum EventStreamError: Error, Hashable, Sendable {
  /// A line or an event longer than `EventStreamParser.maximumByteCount`.
  case tooLong
}

/// Reads `text/event-stream` from pieces of any size (HTML Living Standard, 9.2.6). Any bytes are
/// taken; what is not UTF-8 becomes U+FFFD.
struct EventStreamParser {
  /// Bytes of a line, and of an event's data.
  static let maximumByteCount = 65_536

  private var line: [UInt8] = []
  private var endsWithReturn = false
  private var isFirstLine = true
  private var data: [UInt8] = []
  private var hasData = false
  private var name = ""
  private var lastID = ""
  /// What the stream asked to wait before a new connection, in milliseconds.
  private(set) var retryMilliseconds: Int64?

  /// The events that `bytes` complete, in their order.
  ///
  /// - Throws: `tooLong`; the stream is then to be given up.
  mutating func read(
    _ bytes: some Sequence<UInt8>
  ) throws(EventStreamError) -> [ServerSentEvent] {
    var events: [ServerSentEvent] = []
    for byte in bytes {
      switch byte {
      case 0x0A where endsWithReturn:
        endsWithReturn = false
      case 0x0A, 0x0D:
        endsWithReturn = byte == 0x0D
        if let event = try endLine() { events.append(event) }
      default:
        endsWithReturn = false
        guard line.count < Self.maximumByteCount else { throw .tooLong }
        line.append(byte)
      }
    }
    return events
  }

  private mutating func endLine() throws(EventStreamError) -> ServerSentEvent? {
    defer { line.removeAll(keepingCapacity: true) }
    if isFirstLine {
      isFirstLine = false
      if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
    }
    guard !line.isEmpty else { return dispatch() }
    let colon = line.firstIndex(of: 0x3A) ?? line.endIndex
    var value = line[colon...].dropFirst()
    if value.first == 0x20 { value = value.dropFirst() }
    try setField(String(decoding: line[..<colon], as: UTF8.self), value)
    return nil
  }

  private mutating func setField(
    _ field: String, _ value: ArraySlice<UInt8>
  ) throws(EventStreamError) {
    switch field {
    case "data":
      guard data.count + value.count < Self.maximumByteCount else { throw .tooLong }
      if hasData { data.append(0x0A) }
      data += value
      hasData = true
    case "event": name = String(decoding: value, as: UTF8.self)
    case "id" where !value.contains(0): lastID = String(decoding: value, as: UTF8.self)
    case "retry" where value.allSatisfy { (0x30...0x39).contains($0) }:
      retryMilliseconds = Int64(String(decoding: value, as: UTF8.self)) ?? retryMilliseconds
    // A comment has an empty name; unknown fields are passed over.
    default: break
    }
  }

  private mutating func dispatch() -> ServerSentEvent? {
    defer {
      data.removeAll(keepingCapacity: true)
      hasData = false
      name = ""
    }
    guard hasData else { return nil }
    return ServerSentEvent(
      id: lastID, name: name.isEmpty ? "message" : name, data: String(decoding: data, as: UTF8.self)
    )
  }
}

import HTTPTypes
import NIOCore
import SmartOTP

/// What goes back: status, fields and content.
struct Answer: Sendable {
  enum Content: Sendable {
    case none
    case bytes(ByteBuffer)
    case events(EventStream)
  }

  var status: HTTPResponse.Status
  var headers: HTTPFields = [:]
  var content: Content = .none

  init(_ status: HTTPResponse.Status) { self.status = status }

  init(_ status: HTTPResponse.Status = .ok, _ type: String, _ content: ByteBuffer) {
    self.status = status
    self.headers[.contentType] = type
    self.content = .bytes(content)
  }

  init(_ events: EventStream) {
    status = .ok
    headers[.contentType] = "text/event-stream"
    content = .events(events)
  }

  static func json(_ value: some Encodable, _ status: HTTPResponse.Status = .ok) throws -> Answer {
    Answer(status, "application/json", try MessageCoding.encode(value))
  }

  /// RFC 9457.
  static func problem(_ refusal: Refusal, requestID: String) -> Answer {
    let problem = Problem(refusal, requestId: requestID)
    let content = (try? MessageCoding.encode(problem)) ?? ByteBuffer()
    var answer = Answer(
      .init(code: refusal.code.httpStatus), "application/problem+json", content)
    if refusal.code == .unavailable { answer.headers[.retryAfter] = "1" }
    return answer
  }
}

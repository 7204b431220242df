import HTTPTypes
import NIOCore

/// What goes back: status, fields and content.
struct Answer: Sendable {
  enum Content: Sendable {
    case none
    case bytes(ByteBuffer)
    case secret(SecretContent)
    case stream(any OpenStream)
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

  init(_ stream: any OpenStream) {
    status = .ok
    headers[.contentType] = "text/event-stream"
    // Whoever reads a stream sends nothing more on its connection.
    headers[.connection] = "close"
    content = .stream(stream)
  }

  static func json(_ value: some Encodable, _ status: HTTPResponse.Status = .ok) throws -> Answer {
    Answer(status, "application/json", try MessageCoding.encode(value))
  }

  static func problem(_ problem: BranchProblem, requestID: String) -> Answer {
    var problem = problem
    problem.requestId = requestID
    let content = (try? MessageCoding.encode(problem)) ?? ByteBuffer()
    var answer = Answer(.init(code: problem.status), "application/problem+json", content)
    if problem.mayPass { answer.headers[.retryAfter] = "1" }
    switch problem.code {
    case ProblemCode.tokenRequired.rawValue: answer.headers[.wwwAuthenticate] = "Bearer"
    case ProblemCode.tokenWrong.rawValue:
      answer.headers[.wwwAuthenticate] = "Bearer error=\"invalid_token\""
    default: break
    }
    return answer
  }
}

import Center
import HTTPService
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import SmartOTP

/// Answers every request: finds its route, lets it in, reads it, and turns what comes of it into an
/// answer, be it a problem document.
struct Responder: Sendable {
  static let bodyLimit = 65_536
  /// So much of a body that is too large is still read, for the client to see its answer.
  private static let drainLimit = 1_048_576
  private static let inFlightLimit = 2_048

  let api: CenterAPI
  let table: RouteTable
  let admission: Admission
  let figures: Figures
  let logger: Logger
  private let date = HTTPDate()

  init(
    api: CenterAPI, table: RouteTable, admission: Admission, figures: Figures, logger: Logger
  ) {
    self.api = api
    self.table = table
    self.admission = admission
    self.figures = figures
    self.logger = logger
  }

  func respond(
    to request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel
  ) async throws {
    let start = ContinuousClock.now
    let now = UnixTime.now
    let id = RequestID.of(request.headers)
    let path = Self.path(of: request)
    let match = table.match(request.method, path)
    if request.headers[.expect]?.lowercased() == "100-continue", !Self.isTooLarge(request) {
      try await writer.writeInformationalHead(HTTPResponse(status: .continue))
    }
    var answer = await answer(to: request, match, channel, path: path, id: id, at: now)
    answer.headers[.date] = date.text(at: now)
    answer.headers[.requestID] = id
    answer.headers[.cacheControl] = "no-store"
    record(match, request, answer, id: id, took: ContinuousClock.now - start)
    try await write(answer, with: writer, channel)
    if answer.status == .contentTooLarge, Self.isTooLarge(request) { try await drain(request) }
  }

  // MARK: Answering

  private func answer(
    to request: Request, _ match: RouteTable.Match, _ channel: any Channel, path: Substring,
    id: String, at now: UnixTime
  ) async -> Answer {
    defer { figures.end() }
    do {
      guard figures.begin() <= Self.inFlightLimit else { throw Refusal(.unavailable) }
      switch match {
      case .nothing: throw Refusal(.notFound)
      case .otherMethods(let methods): return Self.methodNotAllowed(methods, id)
      case .route(let index, let parameters):
        return try await answer(
          to: request, table.routes[index], parameters, channel, path: path, id: id, at: now)
      }
    } catch let refusal as Refusal where refusal.code != .internalError {
      return .problem(refusal, requestID: id)
    } catch is CancellationError {
      return .problem(Refusal(.unavailable), requestID: id)
    } catch {
      logFailure(error, of: request, path: path, id: id)
      return .problem(Refusal(.internalError), requestID: id)
    }
  }

  /// A refusal's sentence is made for eyes; of any other error only type and case are logged, since
  /// its text may hold what must not be.
  private func logFailure(_ error: any Error, of request: Request, path: Substring, id: String) {
    let words = (error as? Refusal)?.detail ?? "\(type(of: error)).\(Self.caseName(of: error))"
    logger.error(
      "request failed",
      metadata: [
        "request": "\(id)", "method": "\(request.method)", "path": "\(path)", "error": "\(words)",
      ])
  }

  private func answer(
    to request: Request, _ route: Route, _ parameters: PathParameters, _ channel: any Channel,
    path: Substring, id: String, at now: UnixTime
  ) async throws -> Answer {
    let connection = Connection.current ?? Connection(remoteAddress: "")
    switch try await admission.admit(route.access, connection, at: now) {
    case .tooOften(let seconds):
      var answer = Answer.problem(Refusal(.rateLimited), requestID: id)
      answer.headers[.retryAfter] = String(seconds)
      return answer
    case .peer(let peer):
      let body = route.takesMessage ? try await body(of: request, channel) : ByteBuffer()
      let call = Call(
        path: parameters, query: Self.query(of: request), headers: request.headers, peer: peer,
        now: now,
        idempotency: route.method == .get
          ? nil
          : try Idempotency(request.headers, method: route.method, path: path, body: body))
      return try await route.handler(api, call, body)
    }
  }

  private static func methodNotAllowed(_ methods: [HTTPRequest.Method], _ id: String) -> Answer {
    var answer = Answer.problem(Refusal(.methodNotAllowed), requestID: id)
    answer.headers[.allow] = methods.map(\.rawValue).joined(separator: ", ")
    return answer
  }

  /// The first word of an error's description, which for an enumeration is the case.
  private static func caseName(of error: any Error) -> Substring {
    "\(error)".prefix { $0.isLetter || $0.isNumber }
  }

  // MARK: Reading

  private static func path(of request: Request) -> Substring {
    (request.head.path ?? "/").prefix { $0 != "?" }
  }

  private static func query(of request: Request) -> Substring {
    (request.head.path ?? "").drop { $0 != "?" }.dropFirst()
  }

  private static func isTooLarge(_ request: Request) -> Bool {
    request.headers[.contentLength].flatMap { Int($0) }.map { $0 > bodyLimit } ?? false
  }

  /// - Throws: `bodyTooLarge`, and `unsupportedMediaType` for a body that is not said to be JSON.
  private func body(
    of request: Request, _ channel: any Channel
  ) async throws -> ByteBuffer {
    guard !Self.isTooLarge(request) else { throw Refusal(.bodyTooLarge) }
    let type = (request.headers[.contentType] ?? "").prefix { $0 != ";" && $0 != " " }
    guard type.lowercased() == "application/json" else { throw Refusal(.unsupportedMediaType) }
    do {
      return try await channel.within(api.deadlines.body) {
        try await Self.collect(request.body)
      }
    } catch let refusal as Refusal {
      throw refusal
    } catch let cancellation as CancellationError {
      throw cancellation
    } catch {
      throw Refusal(.malformedRequest, "the request's body did not come whole")
    }
  }

  /// A body bears being read once: one that is too large is read on for a while here, since closing
  /// with unread bytes would take the answer with it.
  private static func collect(_ body: RequestBody) async throws -> ByteBuffer {
    var content = ByteBuffer()
    var count = 0
    for try await var chunk in body {
      count += chunk.readableBytes
      if count <= bodyLimit { content.writeBuffer(&chunk) }
      guard count <= drainLimit else { break }
    }
    guard count <= bodyLimit else { throw Refusal(.bodyTooLarge) }
    return content
  }

  private struct EndlessBody: Error {}

  /// The same for a body that was refused by its announced length, and not read.
  private func drain(_ request: Request) async throws {
    var count = 0
    for try await chunk in request.body {
      count += chunk.readableBytes
      guard count <= Self.drainLimit else { throw EndlessBody() }
    }
  }

  // MARK: Writing

  private func write(
    _ answer: Answer, with writer: consuming ResponseWriter, _ channel: any Channel
  ) async throws {
    switch answer.content {
    case .none:
      try await writer.writeResponse(
        HTTPResponse(status: answer.status, headerFields: answer.headers))
    case .bytes(let bytes):
      var headers = answer.headers
      headers[.contentLength] = String(bytes.readableBytes)
      try await writer.write(
        response: HTTPResponse(status: answer.status, headerFields: headers),
        body: ResponseBody(byteBuffer: bytes))
    case .events(let stream):
      var body: any ResponseBodyWriter = try await writer.writeHead(
        HTTPResponse(status: answer.status, headerFields: answer.headers))
      try await stream.write(to: &body, channel)
      try await body.finish(nil)
    }
  }

  private func record(
    _ match: RouteTable.Match, _ request: Request, _ answer: Answer, id: String,
    took duration: Duration
  ) {
    var index: Int?
    if case .route(let found, _) = match { index = found }
    figures.record(route: index, status: answer.status.code, took: duration)
    logger.debug(
      "request",
      metadata: [
        "request": "\(id)", "method": "\(request.method)",
        "route": "\(index.map { table.routes[$0].path } ?? "none")",
        "status": "\(answer.status.code)", "took": "\(duration)",
        "peer": "\(Self.peerName())",
      ])
  }

  private static func peerName() -> String {
    if case .peer(let peer) = Connection.current?.identity { return peer.actor.description }
    return "none"
  }
}

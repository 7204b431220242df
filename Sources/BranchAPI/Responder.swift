import Appliance
import HTTPService
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore

/// Answers every request of one listener: finds its route, lets it in, reads it, and turns what comes
/// of it into an answer, be it a problem document.
struct Responder: Sendable {
  static let bodyLimit = 65_536

  let calls: BranchCalls
  let table: RouteTable
  let admission: Admission
  let deadline: Deadline
  let answerSeconds: Int64
  let bodySeconds: Int64
  let writeSeconds: Int64
  let logger: Logger

  func respond(
    to request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel
  ) async throws {
    let id = RequestID.of(request.headers)
    let match = table.match(request.method, Self.path(of: request))
    var route: Route?
    if case .route(let index) = match { route = table.routes[index] }
    if request.headers[.expect]?.lowercased() == "100-continue", route?.takesMessage == true,
      !Self.isTooLarge(request)
    {
      try await writer.writeInformationalHead(HTTPResponse(status: .continue))
    }
    var body = BodyReader(request)
    var answer = await answer(to: request, match, channel, id: id, &body)
    answer.headers[.date] = HTTPDate.now()
    answer.headers[.requestID] = id
    answer.headers[.cacheControl] = "no-store"
    answer.headers[.xContentTypeOptions] = "nosniff"
    record(route, request, answer, id: id)
    try await write(answer, to: request, with: writer, channel)
    let timer = channel.closing(after: .seconds(bodySeconds))
    defer { timer.cancel() }
    try await body.drain()
  }

  // MARK: Answering

  private func answer(
    to request: Request, _ match: RouteTable.Match, _ channel: any Channel, id: String,
    _ body: inout BodyReader
  ) async -> Answer {
    do {
      switch match {
      case .nothing:
        try admission.admit(request.head, to: nil)
        throw BranchProblem(.notFound)
      case .otherMethods(let methods):
        try admission.admit(request.head, to: nil)
        var answer = Answer.problem(BranchProblem(.methodNotAllowed), requestID: id)
        answer.headers[.allow] = methods.map(\.rawValue).joined(separator: ", ")
        return answer
      case .route(let index):
        let route = table.routes[index]
        try admission.admit(request.head, to: route.access)
        return try await answer(to: request, route, channel, &body)
      }
    } catch let problem as BranchProblem {
      return .problem(problem, requestID: id)
    } catch let refusal as BranchRefusal {
      return .problem(BranchProblem(of: refusal), requestID: id)
    } catch {
      // Its text may hold what must not be logged; its type does not.
      logger.error("request failed", metadata: ["request": "\(id)", "error": "\(type(of: error))"])
      return .problem(BranchProblem(.internalError), requestID: id)
    }
  }

  private func answer(
    to request: Request, _ route: Route, _ channel: any Channel, _ body: inout BodyReader
  ) async throws -> Answer {
    let message = route.takesMessage ? try await message(of: request, channel, &body) : ByteBuffer()
    let call = Call(query: Self.query(of: request), headers: request.headers, body: message)
    guard let seconds = route.deadlineSeconds else { return try await route.handler(calls)(call) }
    return try await deadline.answer(within: min(seconds, answerSeconds), on: channel) { [calls] in
      try await route.handler(calls)(call)
    }
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

  /// - Throws: `bodyTooLarge`, `malformedRequest`, and `unsupportedMediaType` for a body that is not
  ///   said to be JSON.
  private func message(
    of request: Request, _ channel: any Channel, _ body: inout BodyReader
  ) async throws(BranchProblem) -> ByteBuffer {
    guard !Self.isTooLarge(request) else { throw BranchProblem(.bodyTooLarge) }
    let type = (request.headers[.contentType] ?? "").prefix { $0 != ";" && $0 != " " }
    guard type.lowercased() == "application/json" else {
      throw BranchProblem(.unsupportedMediaType)
    }
    let timer = channel.closing(after: .seconds(bodySeconds))
    defer { timer.cancel() }
    return try await body.collect(upTo: Self.bodyLimit)
  }

  private func record(_ route: Route?, _ request: Request, _ answer: Answer, id: String) {
    let name = route?.path ?? "none"
    calls.figures.record(method: route?.method, route: name, status: answer.status.code)
    logger.debug(
      "request",
      metadata: [
        "request": "\(id)", "method": "\(request.method)", "route": "\(name)",
        "status": "\(answer.status.code)",
      ])
  }
}

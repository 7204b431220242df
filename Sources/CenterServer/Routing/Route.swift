import HTTPTypes
import NIOCore

/// One method of one address: who may use it, and what answers.
struct Route: Sendable {
  typealias Handler = @Sendable (CenterAPI, Call, ByteBuffer) async throws -> Answer

  let method: HTTPRequest.Method
  /// `/v1/cards/{vendor}/{serial}`
  let path: String
  let access: Access
  /// Whether it reads a JSON message.
  let takesMessage: Bool
  let handler: Handler

  private init(
    _ method: HTTPRequest.Method, _ path: String, _ access: Access, takesMessage: Bool = false,
    _ handler: @escaping Handler
  ) {
    self.method = method
    self.path = path
    self.access = access
    self.takesMessage = takesMessage
    self.handler = handler
  }

  var isOpen: Bool {
    switch access {
    case .anyone, .newcomer: true
    case .certified, .roles, .operations: false
    }
  }
}

extension Route {
  typealias Reading<Result> = @Sendable (CenterAPI) -> @Sendable (Call) async throws -> Result
  typealias Taking<Message, Result> =
    @Sendable (CenterAPI) -> @Sendable (Call, Message) async throws -> Result

  static func get<Result: Encodable & Sendable>(
    _ path: String, _ access: Access, _ handler: @escaping Reading<Result>
  ) -> Route {
    Route(.get, path, access) { api, call, _ in try await .json(handler(api)(call)) }
  }

  /// For an answer that is no JSON.
  static func get(
    _ path: String, _ access: Access, raw handler: @escaping Reading<Answer>
  ) -> Route {
    Route(.get, path, access) { api, call, _ in try await handler(api)(call) }
  }

  /// Without a message.
  static func post<Result: Encodable & Sendable>(
    _ path: String, _ access: Access, answering status: HTTPResponse.Status = .ok,
    _ handler: @escaping Reading<Result>
  ) -> Route {
    Route(.post, path, access) { api, call, _ in try await .json(handler(api)(call), status) }
  }

  static func post<Message: ClientMessage, Result: Encodable & Sendable>(
    _ path: String, _ access: Access, answering status: HTTPResponse.Status = .ok,
    _ handler: @escaping Taking<Message, Result>
  ) -> Route {
    taking(.post, path, access, status, handler)
  }

  static func put<Message: ClientMessage, Result: Encodable & Sendable>(
    _ path: String, _ access: Access, _ handler: @escaping Taking<Message, Result>
  ) -> Route {
    taking(.put, path, access, .ok, handler)
  }

  static func delete(
    _ path: String, _ access: Access, _ handler: @escaping Reading<Void>
  ) -> Route {
    Route(.delete, path, access) { api, call, _ in
      try await handler(api)(call)
      return Answer(.noContent)
    }
  }

  private static func taking<Message: ClientMessage, Result: Encodable & Sendable>(
    _ method: HTTPRequest.Method, _ path: String, _ access: Access,
    _ status: HTTPResponse.Status, _ handler: @escaping Taking<Message, Result>
  ) -> Route {
    Route(method, path, access, takesMessage: true) { api, call, body in
      let message = try MessageCoding.decode(Message.self, from: body).accepted()
      return try await .json(handler(api)(call, message), status)
    }
  }
}

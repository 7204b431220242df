import HTTPTypes

/// One method of one address: who may use it, and what answers.
struct Route: Sendable {
  typealias Handler = @Sendable (BranchCalls) -> @Sendable (Call) async throws -> Answer

  enum Access: Sendable {
    /// Anybody who reaches the socket: there is nothing in it about this appliance.
    case anyone
    /// On the loopback port, whoever shows the token.
    case token
  }

  let method: HTTPRequest.Method
  let path: String
  let access: Access
  /// Whether it reads a JSON message.
  let takesMessage: Bool
  /// The answer must be there after so long; nil for one that only begins.
  let deadlineSeconds: Int64?
  let handler: Handler

  static func get(
    _ path: String, _ access: Access, within seconds: Int64? = 10,
    _ handler: @escaping Handler
  ) -> Route {
    Route(
      method: .get, path: path, access: access, takesMessage: false, deadlineSeconds: seconds,
      handler: handler)
  }

  static func post(
    _ path: String, takesMessage: Bool = false, within seconds: Int64? = 10,
    _ handler: @escaping Handler
  ) -> Route {
    Route(
      method: .post, path: path, access: .token, takesMessage: takesMessage,
      deadlineSeconds: seconds, handler: handler)
  }
}

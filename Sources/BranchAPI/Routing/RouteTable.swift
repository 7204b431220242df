import HTTPTypes

/// Finds the route of a request.
struct RouteTable: Sendable {
  enum Match {
    case route(Int)
    /// The address is there, with these methods.
    case otherMethods([HTTPRequest.Method])
    case nothing
  }

  let routes: [Route]
  private let byPath: [String: [Int]]

  init(_ routes: [Route]) {
    self.routes = routes
    byPath = Dictionary(grouping: routes.indices) { routes[$0].path }
  }

  /// - Parameter path: without its query.
  func match(_ method: HTTPRequest.Method, _ path: Substring) -> Match {
    guard let found = byPath[String(path)] else { return .nothing }
    let asked = method == .head ? .get : method
    if let index = found.first(where: { routes[$0].method == asked }) { return .route(index) }
    let methods = found.map { routes[$0].method }
    return .otherMethods(methods.contains(.get) ? methods + [.head] : methods)
  }
}

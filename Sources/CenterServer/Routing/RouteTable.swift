import HTTPTypes

/// Finds the route of a request: a tree of path segments.
struct RouteTable: Sendable {
  enum Match {
    case route(index: Int, PathParameters)
    /// The address is there, with these methods.
    case otherMethods([HTTPRequest.Method])
    case nothing
  }

  private struct Node {
    var children: [Substring: Node] = [:]
    /// What a segment in braces leads to.
    var parameter: [Node] = []
    var parameterName = ""
    var routes: [(method: HTTPRequest.Method, index: Int)] = []
  }

  let routes: [Route]
  private let root: Node

  init(_ routes: [Route]) {
    self.routes = routes
    var root = Node()
    for (index, route) in routes.enumerated() {
      Self.insert((route.method, index), at: Self.segments(route.path)[...], into: &root)
    }
    self.root = root
  }

  /// - Parameter path: without its query.
  func match(_ method: HTTPRequest.Method, _ path: Substring) -> Match {
    var parameters = PathParameters()
    var node = root
    for segment in Self.segments(path) {
      if let next = node.children[segment] {
        node = next
      } else if let next = node.parameter.first, !segment.isEmpty,
        let value = PercentEncoding.decode(segment)
      {
        parameters.append(node.parameterName, value)
        node = next
      } else {
        return .nothing
      }
    }
    if let route = node.routes.first(where: { $0.method == method }) {
      return .route(index: route.index, parameters)
    }
    return node.routes.isEmpty ? .nothing : .otherMethods(node.routes.map(\.method))
  }

  private static func segments(_ path: some StringProtocol) -> [Substring] {
    Substring(path).split(separator: "/", maxSplits: 16, omittingEmptySubsequences: false)
      .dropFirst().map { $0 }
  }

  private static func insert(
    _ route: (HTTPRequest.Method, Int), at path: ArraySlice<Substring>, into node: inout Node
  ) {
    guard let segment = path.first else {
      node.routes.append((route.0, route.1))
      return
    }
    if segment.hasPrefix("{") {
      if node.parameter.isEmpty { node.parameter.append(Node()) }
      node.parameterName = String(segment.dropFirst().dropLast())
      insert(route, at: path.dropFirst(), into: &node.parameter[0])
    } else {
      insert(route, at: path.dropFirst(), into: &node.children[segment, default: Node()])
    }
  }
}

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// A client on one of a branch API's two sides.
struct TestClient: Sendable {
  enum Side: String, CaseIterable, Sendable {
    case socket
    case loopback
  }

  let http: HTTPClient
  private let base: String
  private let token: String?

  /// - Parameter token: shown on the loopback side.
  static func with<Result: Sendable>(
    _ branch: TestBranch, _ side: Side = .socket, token: String? = TestBranch.token,
    _ body: (TestClient) async throws -> Result
  ) async throws -> Result {
    var configuration = HTTPClient.Configuration()
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.timeout = .init(connect: .seconds(10), read: .seconds(30))
    let http = HTTPClient(configuration: configuration)
    let client =
      switch side {
      case .socket:
        TestClient(
          http: http,
          base: "http+unix://\(branch.socket.replacingOccurrences(of: "/", with: "%2F"))",
          token: nil)
      case .loopback:
        TestClient(http: http, base: "http://127.0.0.1:\(branch.port)", token: token)
      }
    do {
      let result = try await body(client)
      try await http.shutdown()
      return result
    } catch {
      try? await http.shutdown()
      throw error
    }
  }

  struct Reply: Sendable {
    let status: Int
    let headers: HTTPHeaders
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    func json<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
      try JSONDecoder().decode(type, from: Data(body))
    }

    /// Of a problem document; nil for another answer.
    var problem: Problem? {
      guard headers["content-type"].first == "application/problem+json" else { return nil }
      return try? json(Problem.self)
    }
  }

  struct Problem: Decodable {
    let type: String
    let title: String
    let status: Int
    let detail: String
    let code: String
    let requestId: String
  }

  func request(
    _ method: HTTPMethod, _ path: String, body: String? = nil, headers: [(String, String)] = []
  ) -> HTTPClientRequest {
    var request = HTTPClientRequest(url: base + path)
    request.method = method
    if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
    if let body {
      request.headers.add(name: "Content-Type", value: "application/json")
      request.body = .bytes(ByteBuffer(string: body))
    }
    for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
    return request
  }

  func send(
    _ method: HTTPMethod, _ path: String, body: String? = nil, headers: [(String, String)] = []
  ) async throws -> Reply {
    let response = try await http.execute(
      request(method, path, body: body, headers: headers), timeout: .seconds(30))
    let content = try await response.body.collect(upTo: 4 << 20)
    return Reply(
      status: Int(response.status.code), headers: response.headers,
      body: Array(content.readableBytesView))
  }

  func get(_ path: String, headers: [(String, String)] = []) async throws -> Reply {
    try await send(.GET, path, headers: headers)
  }

  func post(
    _ path: String, _ body: String, headers: [(String, String)] = []
  ) async throws -> Reply {
    try await send(.POST, path, body: body, headers: headers)
  }
}

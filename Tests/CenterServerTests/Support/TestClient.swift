import AsyncHTTPClient
import Cryptography
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL
import SmartOTP

/// A client over TLS, with or without a certificate.
struct TestClient: Sendable {
  let http: HTTPClient
  let base: String
  let identity: ClientIdentity?

  init(
    port: Int, trusting authority: Certificate, identity: ClientIdentity?,
    maximum: TLSVersion = .tlsv13
  ) throws {
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.trustRoots = .certificates([try NIOSSLCertificate(bytes: authority.der, format: .der)])
    tls.minimumTLSVersion = .tlsv12
    // An open event stream does not hold up the end of a test.
    tls.shutdownTimeout = .milliseconds(100)
    tls.maximumTLSVersion = maximum
    if let identity {
      tls.certificateChain = try identity.chain
      tls.privateKey = try identity.privateKey
    }
    var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.timeout = .init(connect: .seconds(10), read: .seconds(30))
    http = HTTPClient(configuration: configuration)
    base = "https://localhost:\(port)"
    self.identity = identity
  }

  /// Without TLS, on the listener for this machine.
  init(localPort: Int) {
    http = HTTPClient()
    base = "http://127.0.0.1:\(localPort)"
    identity = nil
  }

  func shutdown() async throws { try await http.shutdown() }

  struct Reply: Sendable {
    let status: Int
    let headers: HTTPHeaders
    let body: [UInt8]

    func json<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
      try JSONDecoder().decode(type, from: Data(body))
    }

    /// Of a problem document; nil for another answer.
    var code: RefusalCode? {
      guard headers["content-type"].first == "application/problem+json" else { return nil }
      return try? json(Problem.self).code
    }
  }

  func send(
    _ method: HTTPMethod, _ path: String, body: [UInt8]? = nil,
    headers: [(String, String)] = []
  ) async throws -> Reply {
    var request = HTTPClientRequest(url: base + path)
    request.method = method
    if let body {
      request.headers.add(name: "Content-Type", value: "application/json")
      request.body = .bytes(body)
    }
    for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
    let response = try await http.execute(request, timeout: .seconds(30))
    let content = try await response.body.collect(upTo: 4 << 20)
    return Reply(
      status: Int(response.status.code), headers: response.headers,
      body: Array(content.readableBytesView))
  }

  func get(_ path: String) async throws -> Reply { try await send(.GET, path) }

  func post(_ path: String, headers: [(String, String)] = []) async throws -> Reply {
    try await send(.POST, path, headers: headers)
  }

  func post(
    _ path: String, _ message: some Encodable, headers: [(String, String)] = []
  ) async throws -> Reply {
    try await send(.POST, path, body: Self.json(message), headers: headers)
  }

  func put(_ path: String, _ message: some Encodable) async throws -> Reply {
    try await send(.PUT, path, body: Self.json(message))
  }

  /// In one order: a repeated request is the same byte for byte.
  private static func json(_ message: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return [UInt8](try encoder.encode(message))
  }
}

import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOPosix
import NIOSSL
import SmartOTP

/// A client of the centre's HTTP interface: TLS 1.3 with the centre's own authority as the only
/// root, and the certificate of whoever asks.
///
/// Every call ends by its deadline. Calls that bear it are tried again after a fault that may pass.
/// No call, error or log of it holds a key or a code.
public final class CenterClient: Sendable {
  let configuration: CenterClientConfiguration
  let http: HTTPClient
  private let group: MultiThreadedEventLoopGroup

  /// - Throws: `tlsRefused` for an identity or authority that cannot be read. Nothing is connected.
  public init(_ configuration: CenterClientConfiguration) throws(CenterServiceError) {
    self.configuration = configuration
    let settings = try HTTPClient.Configuration(configuration)
    group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    http = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: settings)
  }

  /// Ends all connections. Must be called once, after the last call.
  public func shutdown() async {
    // An error here is one of a connection that ends anyway.
    try? await http.shutdown()
    try? await group.shutdownGracefully()
  }
}

extension CenterClient {
  func value<Value: Decodable & Sendable>(
    _ type: Value.Type = Value.self, of call: CenterCall
  ) async throws(CenterServiceError) -> Value {
    try await answer(to: call).value(type)
  }

  /// The same, with a body.
  func value<Body: Encodable, Value: Decodable & Sendable>(
    _ type: Value.Type = Value.self, of call: CenterCall, sending body: Body
  ) async throws(CenterServiceError) -> Value {
    var call = call
    let encoder = JSONEncoder()
    // The same bytes for the same message, in another process too: the centre compares what comes
    // under one idempotency key.
    encoder.outputFormatting = .sortedKeys
    do { call.body = Array(try encoder.encode(body)) } catch {
      throw .malformedAnswer("\(Body.self) cannot be encoded")
    }
    return try await value(of: call)
  }

  /// - Throws: `refused` for every status that is no success.
  func answer(to call: CenterCall) async throws(CenterServiceError) -> CenterAnswer {
    let deadline = ContinuousClock.now + configuration.callTime
    let key = try call.keyToSend()
    var failures = 0
    while true {
      do throws(CenterServiceError) {
        return try await withDeadline(deadline) { () async throws(CenterServiceError) in
          let answer = try await self.send(call, idempotencyKey: key)
          try answer.checkStatus()
          return answer
        }
      } catch {
        failures += 1
        let pause = configuration.retry.pause(afterFailures: failures)
        guard call.mayRepeat(after: error), failures < configuration.retry.maximumAttempts,
          ContinuousClock.now + pause < deadline, !Task.isCancelled
        else { throw error }
        try? await Task.sleep(for: pause)
        if Task.isCancelled { throw .cancelled }
      }
    }
  }

  private func send(
    _ call: CenterCall, idempotencyKey: String?
  ) async throws(CenterServiceError) -> CenterAnswer {
    let request = call.request(at: configuration.address, idempotencyKey: idempotencyKey)
    do {
      let response = try await http.execute(request, timeout: .nanoseconds(.max / 4))
      let body = try await response.body.collect(upTo: CenterAnswer.maximumByteCount)
      return CenterAnswer(
        status: Int(response.status.code),
        contentType: response.headers.first(name: "Content-Type") ?? "",
        body: Array(body.readableBytesView))
    } catch { throw CenterServiceError(transport: error) }
  }
}

extension HTTPClient.Configuration {
  init(_ configuration: CenterClientConfiguration) throws(CenterServiceError) {
    self.init(
      tlsConfiguration: try TLSConfiguration(configuration),
      redirectConfiguration: .disallow,
      timeout: Timeout(
        connect: TimeAmount(configuration.connectTime),
        read: TimeAmount(configuration.silenceTime)),
      decompression: .disabled)
    // This client repeats by itself, and knows what it repeats.
    connectionPool.retryConnectionEstablishment = false
    httpVersion = .http1Only
  }
}

extension TLSConfiguration {
  fileprivate init(_ configuration: CenterClientConfiguration) throws(CenterServiceError) {
    self = .makeClientConfiguration()
    minimumTLSVersion = .tlsv13
    do {
      trustRoots = .certificates(
        try NIOSSLCertificate.fromPEMBytes(configuration.authority))
    } catch { throw .tlsRefused(.other("the centre's authority cannot be read")) }
    guard let identity = configuration.identity else { return }
    do {
      certificateChain = try NIOSSLCertificate.fromPEMBytes(identity.certificates)
        .map { .certificate($0) }
      // The TLS library keeps a copy of its own and wipes it.
      var key = identity.key.withUnsafeBytes { Array($0) }
      defer { for index in key.indices { key[index] = 0 } }
      privateKey = .privateKey(try NIOSSLPrivateKey(bytes: key, format: .pem))
    } catch { throw .tlsRefused(.other("the client certificate or its key cannot be read")) }
  }
}

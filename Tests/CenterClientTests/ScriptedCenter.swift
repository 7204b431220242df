import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization
import Testing

@testable import CenterClient

/// A server that answers as the test says, on a port of its own.
final class ScriptedCenter: Sendable {
  struct Request: Sendable {
    var method: String
    var uri: String
    var headers: HTTPHeaders
    var body: String

    var line: String { "\(method) \(uri)" }
  }

  enum Reply: Sendable {
    case json(Int, String)
    case problem(Int, String)
    case plain(Int, String)
    /// Each piece on its own, then the end of the connection.
    case events([String])
    /// The connection ends without an answer.
    case close
    case silence
  }

  private let channel: any Channel
  private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  private let record: Recorder

  init(
    _ settings: TLSConfiguration?,
    _ reply: @escaping @Sendable (Request, _ number: Int) -> Reply
  ) async throws {
    let context = try settings.map { try NIOSSLContext(configuration: $0) }
    let record = Recorder()
    channel = try await ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 16)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          if let context { try pipeline.addHandler(NIOSSLServerHandler(context: context)) }
          try pipeline.configureHTTPServerPipeline()
          try pipeline.addHandler(Handler(record: record, reply: reply))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    self.record = record
  }

  final class Recorder: Sendable {
    let requests = Mutex<[Request]>([])
  }

  var requests: [Request] { record.requests.withLock { $0 } }
  var port: Int { channel.localAddress?.port ?? 0 }

  func close() async {
    try? await channel.close()
    try? await group.shutdownGracefully()
  }

  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let record: Recorder
    private let reply: @Sendable (Request, Int) -> Reply
    private var request: Request?

    init(record: Recorder, reply: @escaping @Sendable (Request, Int) -> Reply) {
      self.record = record
      self.reply = reply
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      switch unwrapInboundIn(data) {
      case .head(let head):
        request = Request(
          method: head.method.rawValue, uri: head.uri, headers: head.headers, body: "")
      case .body(let piece): request?.body += String(buffer: piece)
      case .end:
        guard let request else { return }
        let number = record.requests.withLock { requests in
          requests.append(request)
          return requests.count
        }
        answer(reply(request, number), context)
      }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      context.close(promise: nil)
    }

    private func answer(_ reply: Reply, _ context: ChannelHandlerContext) {
      switch reply {
      case .json(let status, let text): send(status, "application/json", [text], context)
      case .problem(let status, let text):
        send(status, "application/problem+json", [text], context)
      case .plain(let status, let text): send(status, "text/html", [text], context)
      case .events(let pieces): send(200, "text/event-stream", pieces, context, closes: true)
      case .close: context.close(promise: nil)
      case .silence: break
      }
    }

    private func send(
      _ status: Int, _ type: String, _ pieces: [String], _ context: ChannelHandlerContext,
      closes: Bool = false
    ) {
      var headers = HTTPHeaders([("Content-Type", type)])
      if !closes {
        headers.add(
          name: "Content-Length", value: String(pieces.reduce(0) { $0 + $1.utf8.count }))
      }
      let head = HTTPResponseHead(
        version: .http1_1, status: HTTPResponseStatus(statusCode: status), headers: headers)
      context.write(wrapOutboundOut(.head(head)), promise: nil)
      for piece in pieces {
        context.writeAndFlush(
          wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: piece)))), promise: nil)
      }
      let channel = context.channel
      context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
        if closes { channel.close(promise: nil) }
      }
    }
  }
}

/// What a scripted centre answers to a request and its number, from 1.
struct Script: Sendable {
  let answer: @Sendable (ScriptedCenter.Request, Int) -> ScriptedCenter.Reply

  init(_ answer: @escaping @Sendable (ScriptedCenter.Request, Int) -> ScriptedCenter.Reply) {
    self.answer = answer
  }
}

/// Runs a client against a scripted centre, and ends both.
@discardableResult
func withCenter<Value: Sendable>(
  authority: TestAuthority, identity: ClientIdentity? = nil, server: TLSConfiguration? = nil,
  trusting other: TestAuthority? = nil, host: String = "localhost", plain: Bool = false,
  callTime: Duration? = nil, reply: Script,
  _ body: (CenterClient, ScriptedCenter) async throws -> Value
) async throws -> Value {
  let settings = plain ? nil : try server ?? authority.server()
  let center = try await ScriptedCenter(settings, reply.answer)
  var configuration = CenterClientConfiguration(
    address: try #require(CenterAddress("\(host):\(center.port)")),
    authority: (other ?? authority).pem, identity: identity)
  configuration.retry.base = .milliseconds(1)
  configuration.retry.ceiling = .milliseconds(5)
  if let callTime { configuration.callTime = callTime }
  let client = try CenterClient(configuration)
  let result: Result<Value, any Error>
  do { result = .success(try await body(client, center)) } catch { result = .failure(error) }
  await client.shutdown()
  await center.close()
  return try result.get()
}

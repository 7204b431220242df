import HTTPService
import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTPTypes

extension Responder {
  func write(
    _ answer: Answer, to request: Request, with writer: consuming ResponseWriter,
    _ channel: any Channel
  ) async throws {
    var head = HTTPResponse(status: answer.status, headerFields: answer.headers)
    switch answer.content {
    case .none: try await writer.writeResponse(head)
    case .secret(let content):
      defer { content.wipe() }
      head.headerFields[.contentLength] = String(content.byteCount)
      guard request.method != .head else { return try await writer.writeResponse(head) }
      try await write(head, content, with: writer, channel)
    case .bytes(let bytes):
      head.headerFields[.contentLength] = String(bytes.readableBytes)
      guard request.method != .head else { return try await writer.writeResponse(head) }
      let timer = channel.closing(after: .seconds(writeSeconds))
      defer { timer.cancel() }
      try await writer.write(response: head, body: ResponseBody(byteBuffer: bytes))
    case .stream(let stream):
      defer { stream.hub.leave(stream.listener) }
      guard request.method != .head else { return try await writer.writeResponse(head) }
      try await write(head, stream, of: request, with: writer, channel)
    }
  }

  /// Returns when the system has taken all, so that the content can be overwritten.
  private func write(
    _ head: HTTPResponse, _ content: SecretContent, with writer: consuming ResponseWriter,
    _ channel: any Channel
  ) async throws {
    let timer = channel.closing(after: .seconds(writeSeconds))
    defer { timer.cancel() }
    let body: any ResponseBodyWriter = try await writer.writeHead(head)
    try await channel.writeAndFlush(HTTPResponsePart.body(content.buffer)).get()
    try await body.finish(nil)
  }

  /// Ends with the client too: an event may be long in coming, and its absence is noticed at once.
  private func write(
    _ head: HTTPResponse, _ stream: any OpenStream, of request: Request,
    with writer: consuming ResponseWriter, _ channel: any Channel
  ) async throws {
    var body: any ResponseBodyWriter = try await writer.writeHead(head)
    let wake = stream.listener.wake
    try await request.body.consumeWithInboundCloseHandler { _ in
      try await stream.write(to: &body, channel)
    } onInboundClosed: {
      wake.finish()
    }
    try await body.finish(nil)
  }
}

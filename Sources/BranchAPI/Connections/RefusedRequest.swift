import HTTPService
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Answers a request that cannot be read as HTTP, and closes.
final class RefusedRequest: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  /// An answer that is under way cannot be followed by another.
  private var answersUnderWay = 0

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if case .head = unwrapInboundIn(data) { answersUnderWay += 1 }
    context.fireChannelRead(data)
  }

  func write(
    context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
  ) {
    if case .end = unwrapOutboundIn(data) { answersUnderWay -= 1 }
    context.write(data, promise: promise)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard let error = error as? HTTPParserError else { return context.fireErrorCaught(error) }
    if answersUnderWay == 0 { answer(error, context) }
    context.close(promise: nil)
  }

  private func answer(_ error: HTTPParserError, _ context: ChannelHandlerContext) {
    let code: ProblemCode = error == .headerOverflow ? .headerTooLarge : .malformedRequest
    for part in Answer.problem(BranchProblem(code), requestID: RequestID.random()).parts {
      context.write(wrapOutboundOut(part), promise: nil)
    }
    context.flush()
  }
}

extension Answer {
  /// The whole answer, for a connection that is closed after it.
  var parts: [HTTPResponsePart] {
    var head = HTTPResponse(status: status, headerFields: headers)
    head.headerFields[.connection] = "close"
    head.headerFields[.date] = HTTPDate.now()
    guard case .bytes(let bytes) = content else { return [.head(head), .end(nil)] }
    head.headerFields[.contentLength] = String(bytes.readableBytes)
    return [.head(head), .body(bytes), .end(nil)]
  }
}

import NIOCore
import NIOSSL
import NIOTLS

/// Reads the client certificate when the handshake is done, and leaves the pipeline.
final class HandshakeObserver: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = NIOAny

  private let connection: Connection

  init(_ connection: Connection) { self.connection = connection }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case TLSUserEvent.handshakeCompleted = event {
      identifyPeer(context.pipeline)
      context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }
    context.fireUserInboundEventTriggered(event)
  }

  private func identifyPeer(_ pipeline: ChannelPipeline) {
    guard let tls = try? pipeline.syncOperations.handler(type: NIOSSLServerHandler.self),
      let certificate = tls.peerCertificate, let der = try? certificate.toDERBytes()
    else { return }
    connection.identify(der: der)
  }
}

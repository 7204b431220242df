import HTTPService
import HummingbirdCore
import Logging
import NIOCore
import NIOSSL

/// HTTP/1.1 over TLS that knows its peer: each request's task finds its `Connection.current`.
struct PeerChannel: ServerChildChannel {
  struct Value: ServerChildChannelValue {
    let connection: Connection
    let http: HTTP1Channel.Value
    var channel: any Channel { http.channel }
  }

  /// Nil for a listener on this machine without TLS.
  let tls: NIOSSLContext?
  let http: HTTP1Channel

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    let connection = Connection(
      remoteAddress: channel.remoteAddress?.ipAddress ?? "",
      identity: tls == nil ? .local : .unknown)
    return channel.eventLoop.makeCompletedFuture {
      guard let tls else { return }
      try channel.pipeline.syncOperations.addHandlers([
        NIOSSLServerHandler(context: tls), HandshakeObserver(connection),
      ])
    }.flatMap {
      http.setup(channel: channel, logger: logger)
    }.map {
      Value(connection: connection, http: $0)
    }
  }

  func handle(value: Value, logger: Logger) async {
    await withTaskExecutorPreference(EventLoopExecutor(value.channel.eventLoop)) {
      await Connection.$current.withValue(value.connection) {
        await http.handle(value: value.http, logger: logger)
      }
    }
  }
}

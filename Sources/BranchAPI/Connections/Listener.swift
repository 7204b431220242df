import HTTPService
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix

/// Takes the connections of one socket, and serves each.
struct Listener: Sendable {
  private struct Accepted: Sendable {
    let http: HTTP1Channel.Value
    /// Too many are open.
    let isRefused: Bool
  }

  let socket: ListeningSocket
  let http: HTTP1Channel
  let connections: Connections
  let group: any EventLoopGroup
  let logger: Logger

  /// The socket is NIO's from here on.
  func open() async throws -> OpenListener {
    let accepted = try await ServerBootstrap(group: group)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .bind(socket.descriptor) { [http, connections, logger] channel in
        let isRefused = !connections.add(channel)
        return http.setup(channel: channel, logger: logger).map {
          Accepted(http: $0, isRefused: isRefused)
        }
      }
    return OpenListener(port: accepted.channel.localAddress?.port, channel: accepted.channel) {
      [http, logger] in
      await Self.serve(accepted, http, logger)
    }
  }

  private static func serve(
    _ channel: NIOAsyncChannel<Accepted, Never>, _ http: HTTP1Channel, _ logger: Logger
  ) async {
    await withDiscardingTaskGroup { tasks in
      do {
        try await channel.executeThenClose { inbound in
          for try await accepted in inbound {
            let executor = EventLoopExecutor(accepted.http.channel.eventLoop)
            tasks.addTask(executorPreference: executor) {
              await serve(accepted, http, logger)
            }
          }
        }
      } catch is CancellationError {
        // The server stops.
      } catch {
        logger.error("no more connections are taken", metadata: ["error": "\(error)"])
      }
    }
  }

  private static func serve(
    _ accepted: Accepted, _ http: HTTP1Channel, _ logger: Logger
  ) async {
    guard accepted.isRefused else {
      return await http.handle(value: accepted.http, logger: logger)
    }
    let answer = Answer.problem(
      BranchProblem(.busy, "too many connections are open: close one, or try again"),
      requestID: RequestID.random())
    try? await accepted.http.executeThenClose { _, outbound in
      try await outbound.write(contentsOf: answer.parts)
    }
  }
}

/// A listener that takes connections once it is served.
struct OpenListener: Sendable {
  /// Of a loopback listener.
  let port: Int?
  let channel: any Channel
  let serve: @Sendable () async -> Void
}

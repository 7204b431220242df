import Appliance
import HTTPService
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// The branch API over an appliance: what the branch's software and the technician's browser talk to.
///
/// One thread serves all connections; nothing runs while nobody asks and nothing happens.
public struct BranchServer: Service {
  /// An answer that is under way at a stop has so long.
  static let grace = TimeAmount.milliseconds(500)

  /// What it listens on.
  public struct Listeners: Hashable, Sendable {
    /// Of the loopback port: for port 0, the one that the system chose.
    public let port: Int?
  }

  private let configuration: BranchServerConfiguration
  private let control: any ApplianceControl
  private let logger: Logger
  private let eventLoopGroup: (any EventLoopGroup)?
  private let onRunning: @Sendable (Listeners) -> Void

  /// - Parameters:
  ///   - eventLoopGroup: shared with others; nil for one thread of its own.
  ///   - onRunning: called once, when it accepts connections.
  public init(
    configuration: BranchServerConfiguration, control: any ApplianceControl, logger: Logger,
    eventLoopGroup: (any EventLoopGroup)? = nil,
    onRunning: @escaping @Sendable (Listeners) -> Void = { _ in }
  ) {
    self.configuration = configuration
    self.control = control
    self.logger = logger
    self.eventLoopGroup = eventLoopGroup
    self.onRunning = onRunning
  }

  /// Serves until the group it is in shuts down: then event streams end at once, and answers that are
  /// under way have half a second.
  ///
  /// - Throws: `BranchServerError` where it cannot listen.
  public func run() async throws {
    let sockets = try openSockets()
    defer { for opened in sockets { opened.socket.removeFile() } }
    if let eventLoopGroup { return try await serve(sockets, on: eventLoopGroup) }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    do {
      try await serve(sockets, on: group)
    } catch {
      try? await group.shutdownGracefully()
      throw error
    }
    try? await group.shutdownGracefully()
  }

  private struct Opened {
    let socket: ListeningSocket
    let origin: Origin
  }

  private func openSockets() throws(BranchServerError) -> [Opened] {
    var opened: [Opened] = []
    do {
      if let socket = configuration.socket {
        opened.append(Opened(socket: try ListeningSocket.open(socket), origin: .local))
      }
      if let loopback = configuration.loopback {
        opened.append(
          Opened(
            socket: try ListeningSocket.open(loopbackPort: loopback.port),
            origin: .loopback(tokenDigest: loopback.tokenDigest)))
      }
    } catch {
      for half in opened { half.socket.close() }
      throw error
    }
    return opened
  }

  private func serve(_ sockets: [Opened], on group: any EventLoopGroup) async throws {
    let hub = EventHub(streamLimit: configuration.streamLimit)
    // Each side has its own, so that nobody on the loopback port keeps the branch's software out.
    let connections = sockets.map { _ in Connections(limit: configuration.connectionLimit) }
    let calls = calls(hub, connections)
    let deadline = Deadline()
    let listeners = try await open(
      zip(sockets, connections).map { opened, connections in
        Listener(
          socket: opened.socket, http: http(calls, opened.origin, deadline),
          connections: connections, group: group, logger: logger)
      })
    onRunning(Listeners(port: listeners.lazy.compactMap(\.port).first))
    await withTaskExecutorPreference(EventLoopExecutor(group.next())) {
      await serve(listeners, hub, connections)
    }
  }

  private func open(_ listeners: [Listener]) async throws -> [OpenListener] {
    var open: [OpenListener] = []
    do {
      for listener in listeners { open.append(try await listener.open()) }
    } catch {
      for listener in open { listener.channel.close(promise: nil) }
      throw error
    }
    return open
  }

  private func serve(
    _ listeners: [OpenListener], _ hub: EventHub, _ connections: [Connections]
  ) async {
    let events = control.events()
    await withTaskGroup(of: Void.self) { tasks in
      tasks.addTask {
        await cancelWhenGracefulShutdown {
          for await event in events { hub.append(event) }
        }
      }
      await withTaskCancellationOrGracefulShutdownHandler {
        await withDiscardingTaskGroup { serving in
          for listener in listeners { serving.addTask { await listener.serve() } }
          if listeners.isEmpty { serving.addTask { try? await gracefulShutdown() } }
        }
      } onCancelOrGracefulShutdown: {
        for listener in listeners { listener.channel.close(promise: nil) }
        hub.close()
        for side in connections { side.stop(grace: Self.grace) }
      }
      tasks.cancelAll()
    }
  }

  private func calls(_ hub: EventHub, _ connections: [Connections]) -> BranchCalls {
    BranchCalls(
      control: control, showsCode: configuration.showsCode, hub: hub, keys: IdempotencyKeys(),
      figures: BranchFigures(), connections: connections,
      heartbeatSeconds: configuration.heartbeatSeconds, writeSeconds: configuration.writeSeconds)
  }

  private func http(
    _ calls: BranchCalls, _ origin: Origin, _ deadline: Deadline
  ) -> HTTP1Channel {
    let responder = Responder(
      calls: calls, table: RouteTable(BranchCalls.routes), admission: Admission(origin: origin),
      deadline: deadline, answerSeconds: configuration.answerSeconds,
      bodySeconds: configuration.bodySeconds, writeSeconds: configuration.writeSeconds,
      logger: logger)
    return HTTP1Channel(
      responder: { try await responder.respond(to: $0, $1, $2) },
      configuration: .init(
        additionalChannelHandlers: [RefusedRequest()],
        idleTimeout: .seconds(configuration.idleSeconds),
        httpDecoderConfiguration: .init(
          maxHeaderFieldSize: 4_096, maxHeaderListSize: 8_192, maxHeaderFieldCount: 64)))
  }
}

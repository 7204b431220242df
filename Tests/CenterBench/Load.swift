import Foundation
import NIOCore
import NIOPosix
import NIOSSL

/// Sends requests over kept-alive TLS connections, each connection one at a time.
///
/// A client this plain takes little of the processors that it shares with the server.
struct Load {
  struct Result: Sendable {
    var seconds = 0.0
    /// Each request's, in microseconds, in rising order.
    var latencies: [Int] = []
    /// How often each answer came.
    var answers: [String: Int] = [:]
    /// By request: how many servers accepted it.
    var acceptances: [Int: Int] = [:]

    var accepted: Int { answers["accepted", default: 0] }

    func percentile(_ part: Double) -> Int {
      latencies.isEmpty
        ? 0 : latencies[min(latencies.count - 1, Int(Double(latencies.count) * part))]
    }
  }

  private let context: NIOSSLContext
  private let connections: Int

  init(_ context: NIOSSLContext, connections: Int) {
    self.context = context
    self.connections = connections
  }

  /// With several ports, each request goes to all of them at the same instant, and the next when all
  /// have answered.
  func run(_ requests: [ByteBuffer], ports: [Int]) async throws -> Result {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.next()
    let lanes = try await openLanes(ports, on: loop)
    let result = try await loop.flatSubmit {
      let run = LoadRun(requests, lanes: lanes, on: loop)
      run.start()
      return run.done.futureResult
    }.get()
    for connection in lanes.flatMap({ $0 }) { try? await connection.channel.close().get() }
    try await group.shutdownGracefully()
    return result
  }

  private func openLanes(_ ports: [Int], on loop: any EventLoop) async throws -> [[LoadConnection]]
  {
    var lanes: [[LoadConnection]] = []
    for _ in 0..<max(1, connections / ports.count) {
      var lane: [LoadConnection] = []
      for port in ports { lane.append(try await open(port, on: loop)) }
      lanes.append(lane)
    }
    return lanes
  }

  private func open(_ port: Int, on loop: any EventLoop) async throws -> LoadConnection {
    let context = context
    let channel = try await ClientBootstrap(group: loop)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandlers([
            NIOSSLClientHandler(context: context, serverHostname: "localhost"), AnswerReader(),
          ])
        }
      }
      .connect(host: "127.0.0.1", port: port).get()
    return LoadConnection(channel: channel)
  }
}

/// One connection; used on its event loop alone.
struct LoadConnection: Sendable {
  let channel: any Channel

  /// Sends a request and calls back with the answer's status and body.
  func send(_ request: ByteBuffer, _ then: @escaping (Int, ByteBuffer) -> Void) {
    guard let reader = try? channel.pipeline.syncOperations.handler(type: AnswerReader.self) else {
      return then(0, ByteBuffer())
    }
    reader.expect(then)
    channel.writeAndFlush(request, promise: nil)
  }
}

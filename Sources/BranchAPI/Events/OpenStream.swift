import HTTPService
import HummingbirdCore
import NIOCore

/// An answer that goes on until the client leaves, or the server ends.
protocol OpenStream: Sendable {
  var hub: EventHub { get }
  /// Its wakes end when the client leaves, and with the server.
  var listener: EventHub.Listener { get }
  /// It says so often that it lives.
  var heartbeatSeconds: Int64 { get }
  /// A client that takes nothing for so long is cut off.
  var writeSeconds: Int64 { get }

  func write(to writer: inout any ResponseBodyWriter, _ channel: any Channel) async throws
}

extension OpenStream {
  /// Runs `body`; meanwhile the listener is woken for each heartbeat. Afterwards it has left.
  func withHeartbeat(
    of channel: any Channel, _ body: () async throws -> Void
  ) async throws {
    let wake = listener.wake
    let heartbeat = channel.eventLoop.scheduleRepeatedTask(
      initialDelay: .seconds(heartbeatSeconds), delay: .seconds(heartbeatSeconds)
    ) { _ in wake.yield() }
    defer {
      heartbeat.cancel()
      hub.leave(listener)
    }
    try await body()
  }

  /// A write waits while the client does not read; a timer ends the wait with the connection.
  func send(
    _ texts: [EventText], to writer: inout any ResponseBodyWriter, _ channel: any Channel
  ) async throws {
    try await channel.within(.seconds(writeSeconds)) {
      try await writer.write(ByteBuffer(string: texts.map(\.text).joined()))
    }
  }
}

import HummingbirdCore
import NIOCore

/// An answer that goes on until the client leaves, or the server ends.
protocol OpenStream: Sendable {
  var hub: EventHub { get }
  /// Its wakes end when the client leaves, and with the server.
  var listener: EventHub.Listener { get }

  func write(to writer: inout any ResponseBodyWriter, _ channel: any Channel) async throws
}

import Appliance
import HummingbirdCore
import NIOCore

/// The reader's loan: it lasts as long as the client keeps the answer open, so that one that dies gives
/// the reader back as well.
struct LoanStream: OpenStream {
  /// A client that forgot about it must not keep an appliance from its work.
  static let longest = Duration.seconds(600)

  let loan: ReaderLoan
  let hub: EventHub
  let listener: EventHub.Listener
  let heartbeatSeconds: Int64
  let writeSeconds: Int64

  func write(to writer: inout any ResponseBodyWriter, _ channel: any Channel) async throws {
    defer { loan.end() }
    let end = ContinuousClock.now + Self.longest
    try await withHeartbeat(of: channel) {
      try await send([.lent], to: &writer, channel)
      for await _ in listener.wakes {
        guard .now < end else { return }
        try await send([.heartbeat], to: &writer, channel)
      }
    }
  }
}

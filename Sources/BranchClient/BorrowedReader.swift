import AsyncHTTPClient
import NIOCore

/// The appliance's reader in this program's hands. The appliance has it back when the answer that
/// stands for it is closed: by `giveBack()`, or with this process.
public final class BorrowedReader: Sendable {
  private let reading: Task<Void, Never>

  init(_ body: HTTPClientResponse.Body) {
    reading = Task {
      // Only heartbeats come; who takes nothing is cut off.
      do { for try await _ in body {} } catch {}
    }
  }

  deinit { reading.cancel() }

  /// Returns when the connection is closed.
  public func giveBack() async {
    reading.cancel()
    await reading.value
  }
}

import Center
import Logging
import ServiceLifecycle
import SmartOTP

/// Lets the store put away what has run out, now and then.
struct Sweeper: Service {
  private static let interval = Duration.seconds(60)

  let store: any Store
  let logger: Logger

  func run() async throws {
    try? await cancelWhenGracefulShutdown {
      while true {
        try await Task.sleep(for: Self.interval)
        await sweep()
      }
    }
  }

  private func sweep() async {
    do {
      try await store.sweep(at: .now)
    } catch {
      logger.error("the store was not swept", metadata: ["reason": "\(error.code.rawValue)"])
    }
  }
}

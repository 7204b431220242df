import Appliance
import Glibc
import Logging
import Permissions
import Reader
import ServiceLifecycle
import Settings
import Systemd
import UnixSignals

/// The service from its start to SIGTERM: one appliance at a time, another one after its settings
/// changed.
struct ApplianceProcess {
  let settings: ApplianceSettings
  let load: @Sendable () throws -> ApplianceSettings
  let logger: Logger

  private enum Wish: Sendable {
    case stop
    case reload
  }

  func run() async throws {
    let notifier = ServiceNotifier()
    let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
    let (wishes, continuation) = AsyncStream<Wish>.makeStream(bufferingPolicy: .bufferingNewest(4))
    let listening = Task {
      for await signal in signals { continuation.yield(signal == .sighup ? .reload : .stop) }
    }
    defer { listening.cancel() }
    var current = settings
    var appliance = try await RunningAppliance.start(current, logger: logger, notifier: notifier)
    notifier.ready(status: "running")
    for await wish in wishes {
      guard wish == .reload else { break }
      notifier.reloading()
      if let new = reloaded(), new != current {
        // A transaction at hand ends first.
        await appliance.rest()
        await appliance.stop()
        current = new
        appliance = try await RunningAppliance.start(new, logger: logger, notifier: notifier)
        logger.info("runs with the new configuration")
      } else {
        await appliance.checkAgain()
        logger.info("the configuration is as before; the checks were run again")
      }
      notifier.ready(status: "running")
    }
    notifier.stopping(status: "stopping")
    logger.info("stopping")
    await appliance.stop()
  }

  /// Nil when it is wrong: what runs goes on as it is.
  private func reloaded() -> ApplianceSettings? {
    do { return try load() } catch {
      logger.error(
        "the new configuration is wrong and was not taken; smartotpd --check-config says why")
      return nil
    }
  }
}

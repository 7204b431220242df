import Glibc

/// The service manager's watchdog: it restarts a service that is silent for too long
/// (sd_watchdog_enabled(3)).
public struct Watchdog: Hashable, Sendable {
  /// Longer silence counts as death.
  public let timeout: Duration

  /// How often to say `ServiceNotifier.watchdog`: twice in the time.
  public var interval: Duration { timeout / 2 }

  /// Nil when nobody watches this process.
  public init?(environment: ServiceEnvironment.Lookup = ServiceEnvironment.process) {
    guard let microseconds = environment("WATCHDOG_USEC").flatMap({ Int64($0) }), microseconds > 0,
      microseconds < Int64.max / 1_000_000
    else { return nil }
    if let process = environment("WATCHDOG_PID") {
      guard Int32(process) == getpid() else { return nil }
    }
    timeout = .microseconds(microseconds)
  }
}

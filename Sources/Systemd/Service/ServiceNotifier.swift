import Glibc

/// Tells the service manager how the service is (sd_notify(3)). Without a manager it does nothing.
public struct ServiceNotifier: Sendable {
  private let address: DatagramAddress?

  public init(environment: ServiceEnvironment.Lookup = ServiceEnvironment.process) {
    address = environment("NOTIFY_SOCKET").flatMap { DatagramAddress($0) }
  }

  /// Whether anybody is told anything.
  public var isConnected: Bool { address != nil }

  /// Start-up, or a reload, is done.
  @discardableResult
  public func ready(status: String? = nil) -> Bool {
    send(["READY=1"] + Self.status(status), waits: true)
  }

  /// One line for `systemctl status`.
  @discardableResult
  public func status(_ text: String) -> Bool { send(Self.status(text), waits: false) }

  /// The service is alive.
  @discardableResult
  public func watchdog() -> Bool { send(["WATCHDOG=1"], waits: false) }

  /// It ends now. Nothing but status follows.
  @discardableResult
  public func stopping(status: String? = nil) -> Bool {
    send(["STOPPING=1"] + Self.status(status), waits: true)
  }

  /// It reads its configuration again; `ready` says that it is done.
  @discardableResult
  public func reloading() -> Bool {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    let microseconds = UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1000
    return send(["RELOADING=1", "MONOTONIC_USEC=\(microseconds)"], waits: true)
  }

  /// Start-up takes that much longer from now on.
  @discardableResult
  public func extendTimeout(seconds: Int) -> Bool {
    send(["EXTEND_TIMEOUT_USEC=\(max(0, min(seconds, 3600)) * 1_000_000)"], waits: false)
  }

  private static func status(_ text: String?) -> [String] {
    guard let text else { return [] }
    let line = text.unicodeScalars.prefix(300).map { $0.value < 0x20 ? " " : Character($0) }
    return ["STATUS=" + String(line)]
  }

  /// - Parameter waits: a second at most, where the manager is busy.
  private func send(_ lines: [String], waits: Bool) -> Bool {
    guard let descriptor = address?.connected() else { return false }
    defer { close(descriptor) }
    var limit = timeval(tv_sec: 1, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    let message = Array(lines.joined(separator: "\n").utf8)
    let flags = Int32(MSG_NOSIGNAL | (waits ? 0 : MSG_DONTWAIT))
    return message.withUnsafeBytes {
      Glibc.send(descriptor, $0.baseAddress, $0.count, flags) == $0.count
    }
  }
}

import Glibc
import Testing

@testable import Systemd

@Suite("Telling the service manager")
struct ServiceNotifierTests {
  @Test("Each message is what sd_notify says", arguments: [nil, "@smartotp-test-\(getpid())"])
  func messages(address: String?) throws {
    let manager = try ListeningSocket(address)
    let notifier = ServiceNotifier(environment: ["NOTIFY_SOCKET": manager.path].lookup)
    #expect(notifier.isConnected)

    #expect(notifier.ready(status: "idle"))
    #expect(manager.receiveText() == "READY=1\nSTATUS=idle")
    #expect(notifier.ready())
    #expect(manager.receiveText() == "READY=1")
    #expect(notifier.status("showing a code"))
    #expect(manager.receiveText() == "STATUS=showing a code")
    #expect(notifier.watchdog())
    #expect(manager.receiveText() == "WATCHDOG=1")
    #expect(notifier.extendTimeout(seconds: 30))
    #expect(manager.receiveText() == "EXTEND_TIMEOUT_USEC=30000000")
    #expect(notifier.stopping(status: "bye"))
    #expect(manager.receiveText() == "STOPPING=1\nSTATUS=bye")
    #expect(manager.receive() == nil)
  }

  @Test("A reload carries the monotonic clock's time in microseconds")
  func reloading() throws {
    let manager = try ListeningSocket()
    let notifier = ServiceNotifier(environment: ["NOTIFY_SOCKET": manager.path].lookup)
    let before = monotonicMicroseconds()
    #expect(notifier.reloading())
    let lines = try #require(manager.receiveText()).split(separator: "\n")
    #expect(lines.first == "RELOADING=1")
    let time = try #require(lines.last.flatMap { Int64($0.dropFirst("MONOTONIC_USEC=".count)) })
    #expect((before...monotonicMicroseconds()).contains(time))
  }

  @Test("A status with line feeds stays one line, so that it cannot say READY=1")
  func statusOfManyLines() throws {
    let manager = try ListeningSocket()
    let notifier = ServiceNotifier(environment: ["NOTIFY_SOCKET": manager.path].lookup)
    notifier.status("one\nREADY=1\u{0}x")
    #expect(manager.receiveText() == "STATUS=one READY=1 x")
  }

  @Test(
    "Without a manager, or with an address that is none, nothing is sent",
    arguments: [
      nil, "", "relative", "/nonexistent/socket", "@", "/" + String(repeating: "a", count: 200),
    ])
  func noManager(address: String?) {
    let environment = address.map { ["NOTIFY_SOCKET": $0] } ?? [:]
    #expect(!ServiceNotifier(environment: environment.lookup).ready())
  }

  @Test("A manager that does not read costs no time where nothing hangs on the message")
  func busyManager() throws {
    let manager = try ListeningSocket()
    let notifier = ServiceNotifier(environment: ["NOTIFY_SOCKET": manager.path].lookup)
    let sent = (0..<10_000).prefix { _ in notifier.watchdog() }.count
    #expect(sent < 10_000)
    #expect(manager.receiveText() == "WATCHDOG=1")
  }

  private func monotonicMicroseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }
}

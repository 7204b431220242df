import Glibc
import Testing

@testable import Systemd

@Suite("What the service manager puts into the environment")
struct ServiceEnvironmentTests {
  @Test("The watchdog's time is this process's alone")
  func watchdog() {
    let own = "\(getpid())"
    #expect(
      Watchdog(environment: ["WATCHDOG_USEC": "20000000"].lookup)?.timeout == .seconds(20))
    #expect(
      Watchdog(environment: ["WATCHDOG_USEC": "20000000", "WATCHDOG_PID": own].lookup)?.interval
        == .seconds(10))
    #expect(
      Watchdog(environment: ["WATCHDOG_USEC": "20000000", "WATCHDOG_PID": "1"].lookup) == nil)
    #expect(Watchdog(environment: ["WATCHDOG_USEC": "1", "WATCHDOG_PID": "x"].lookup) == nil)
    for text in ["0", "-1", "", "x", "9223372036854775807"] {
      #expect(Watchdog(environment: ["WATCHDOG_USEC": text].lookup) == nil)
    }
    #expect(Watchdog(environment: [:].lookup) == nil)
  }

  @Test("Sockets come with their names, and no child inherits them")
  func listenSockets() throws {
    // Two descriptors side by side, high above those the test runner has.
    let first: Int32 = 400
    try #require(dup2(STDIN_FILENO, first) == first && dup2(STDIN_FILENO, first + 1) == first + 1)
    defer {
      close(first)
      close(first + 1)
    }
    var environment = [
      "LISTEN_PID": "\(getpid())", "LISTEN_FDS": "2", "LISTEN_FDNAMES": "branch:",
    ]
    let sockets = ListenSocket.inherited(environment: environment.lookup, first: first)
    #expect(
      sockets == [
        ListenSocket(descriptor: first, name: "branch"),
        ListenSocket(descriptor: first + 1, name: "unknown"),
      ])
    #expect(fcntl(first, F_GETFD) & FD_CLOEXEC != 0)

    environment["LISTEN_FDS"] = "3"
    #expect(
      ListenSocket.inherited(environment: environment.lookup, first: first).count == 2,
      "a descriptor that is not open is none")
    environment["LISTEN_PID"] = "1"
    #expect(ListenSocket.inherited(environment: environment.lookup, first: first).isEmpty)
    for count in ["0", "-1", "65", "x", ""] {
      let environment = ["LISTEN_PID": "\(getpid())", "LISTEN_FDS": count]
      #expect(ListenSocket.inherited(environment: environment.lookup, first: first).isEmpty)
    }
  }

  @Test("A credential is read whole, bounded, and only by its name")
  func credentials() throws {
    let folder = try temporaryFolder()
    defer {
      for name in ["token", "large", "most"] { unlink("\(folder)/\(name)") }
      rmdir(folder)
    }
    let limit = ServiceCredentials.maximumByteCount
    try write(Array("secret".utf8), to: "\(folder)/token")
    try write([UInt8](repeating: 1, count: limit), to: "\(folder)/most")
    try write([UInt8](repeating: 1, count: limit + 1), to: "\(folder)/large")
    let credentials = try #require(
      ServiceCredentials(environment: ["CREDENTIALS_DIRECTORY": folder].lookup))

    #expect(try credentials.withBytes(of: "token") { Array($0) } == Array("secret".utf8))
    #expect(try credentials.withBytes(of: "most") { $0.count } == limit)
    #expect(try credentials.withBytes(of: "missing") { Array($0) } == nil)
    #expect(throws: CredentialError.tooLarge("large")) {
      try credentials.withBytes(of: "large") { _ in }
    }
    for name in ["", ".", "..", "../token", "/etc/passwd", ".hidden", "a\u{0}b"] {
      #expect(throws: CredentialError.malformedName(name)) {
        try credentials.withBytes(of: name) { _ in }
      }
    }
    #expect(ServiceCredentials(environment: [:].lookup) == nil)
    #expect(ServiceCredentials(environment: ["CREDENTIALS_DIRECTORY": "x"].lookup) == nil)
  }
}

import Foundation
import Glibc
import Reader
import Synchronization
import Testing

/// Stands for systemd: listens on a socket, and starts the real driver program for each connection,
/// with that as its standard input and output.
final class ActivatedService: Sendable {
  let path: String
  private let folder: String
  private let listener: Int32
  private let running = Mutex<[Process]>([])
  /// An element for each driver that ended.
  let ends: AsyncStream<Void>

  init() throws {
    guard case .process(let program, _) = DriverProgram.installed else {
      throw ReaderError.driverMissing("smartotp-reader")
    }
    var template = Array("/tmp/reader-service-XXXXXX".utf8CString)
    folder = try #require(mkdtemp(&template).map { String(cString: $0) })
    path = "\(folder)/reader.sock"
    listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    let (stream, ended) = AsyncStream.makeStream(of: Void.self)
    ends = stream
    let path = path
    let bound = try withAddress(of: path) { bind(listener, $0, $1) }
    try #require(bound == 0 && listen(listener, 4) == 0)
    Thread.detachNewThread { [self] in
      // Ends when the listener is shut down. As systemd does it: the connection set not to wait.
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { return }
        _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
        _ = fcntl(connection, F_SETFL, O_NONBLOCK)
        let end = FileHandle(fileDescriptor: connection, closeOnDealloc: false)
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.environment = ["SWIFT_BACKTRACE": "enable=no"]
        process.standardInput = end
        process.standardOutput = end
        process.terminationHandler = { _ in ended.yield() }
        running.withLock { $0.append(process) }
        if (try? process.run()) == nil { ended.yield() }
        close(connection)
      }
    }
  }

  /// How many drivers were started.
  var started: Int { running.withLock { $0.count } }

  /// The latest driver.
  var driver: pid_t? { running.withLock { $0.last?.processIdentifier } }

  /// Waits until a driver, or one more, has ended.
  func end() async { for await _ in ends { return } }

  /// From now on nobody answers at the socket, which stays behind.
  func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  /// Ends the service, and whoever is left of its drivers.
  func remove() {
    stop()
    for process in running.withLock({ $0 }) where process.isRunning {
      Glibc.kill(process.processIdentifier, SIGKILL)
    }
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// A connection as a program makes it.
  func connection() throws -> Int32 {
    let connection = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    let result = try withAddress(of: path) { connect(connection, $0, $1) }
    try #require(result == 0)
    return connection
  }
}

private func withAddress(
  of path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
) throws -> Int32 {
  var address = sockaddr_un()
  address.sun_family = sa_family_t(AF_UNIX)
  let fits = withUnsafeMutableBytes(of: &address.sun_path) { field in
    guard path.utf8.count < field.count else { return false }
    field.copyBytes(from: path.utf8)
    return true
  }
  try #require(fits)
  return withUnsafePointer(to: address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
    }
  }
}

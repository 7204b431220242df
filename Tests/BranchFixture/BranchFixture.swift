import BranchAPI
import Cryptography
import Foundation
import Logging
import ServiceLifecycle

/// Serves the branch API of a scripted appliance: `branch-fixture TOKEN [SOCKET]`.
///
/// What happens to the appliance comes as lines on standard input (`Script`); `stop` and `start` end
/// the server and begin it again on the same port. Its own lines say `listens PORT` and `stopped`.
@main
struct BranchFixture {
  static func main() async {
    let arguments = CommandLine.arguments
    guard (2...3).contains(arguments.count) else {
      say("usage: branch-fixture TOKEN [SOCKET]")
      exit(64)
    }
    do {
      try await run(token: arguments[1], socket: arguments.count > 2 ? arguments[2] : nil)
    } catch {
      say("failed: \(error)")
      exit(70)
    }
  }

  private static func run(token: String, socket: String?) async throws {
    let appliance = ScriptedAppliance()
    let script = Script(appliance)
    let (opened, opening) = AsyncStream<Int>.makeStream()
    var ports = opened.makeAsyncIterator()
    var lines = inputLines().makeAsyncIterator()
    var port = 0
    repeat {
      var configuration = BranchServerConfiguration(socket: socket.map { .path($0) })
      configuration.loopback = try .init(port: port, token: SecretBytes(Array(token.utf8)))
      configuration.showsCode = true
      let server = BranchServer(
        configuration: configuration, control: appliance,
        logger: Logger(label: "branch") { _ in SwiftLogNoOpLogHandler() }
      ) { opening.yield($0.port ?? 0) }
      let group = ServiceGroup(
        configuration: .init(
          services: [server], logger: Logger(label: "group") { _ in SwiftLogNoOpLogHandler() }))
      async let running: Void = group.run()
      port = await ports.next() ?? 0
      say("listens \(port)")
      while let line = await lines.next(), line != "stop" { script.carryOut(line) }
      await group.triggerGracefulShutdown()
      try await running
      say("stopped")
    } while await lines.next() == "start"
  }

  /// At once, also into a pipe.
  static func say(_ line: String) {
    try? FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8))
  }

  private static func inputLines() -> AsyncStream<String> {
    let (lines, input) = AsyncStream<String>.makeStream()
    // Reading blocks its thread.
    Thread.detachNewThread {
      while let line = readLine() { input.yield(line) }
      input.finish()
    }
    return lines
  }
}

import Foundation

/// The command under test, in the bench's environment.
struct TestedProgram {
  private let command: [String]
  private let environment: [String: String]

  init(_ command: [String], environment: [String: String]) {
    self.command = command
    var all = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    // Our own programs start the driver with an empty environment, but for this.
    all["SMARTOTP_DRIVER_ENVIRONMENT"] = "inherit"
    self.environment = all
  }

  /// Runs it to its end; its status, or 128 and the signal that ended it, as in a shell.
  func run() throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = Self.withoutOverride + command
    process.environment = environment
    try process.run()
    process.waitUntilExit()
    let signal = process.terminationReason == .uncaughtSignal
    return signal ? 128 + process.terminationStatus : process.terminationStatus
  }

  /// Root may open any node whatever its mode; a program that is to be denied one must not.
  private static var withoutOverride: [String] {
    guard geteuid() == 0 else { return [] }
    return ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--"]
  }
}

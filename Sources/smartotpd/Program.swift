import ArgumentParser
import Permissions
import Settings

/// The appliance as a program.
@main
enum Program {
  static func main() async {
    // Read while the process may: afterwards its own environment is closed to it.
    let environment = ProcessEnvironment.variables()
    let executable = ExecutablePath.own
    let warnings = ProcessProtection.apply()
    Invocation.current = Invocation(
      environment: environment, executable: executable, warnings: warnings)
    await SmartOTPD.main()
  }
}

/// What was found out before the command began.
struct Invocation: Sendable {
  var environment: [String: String]
  var executable: String
  /// What could not be protected.
  var warnings: [String]

  // Written once, before anything else runs.
  nonisolated(unsafe) static var current = Invocation(
    environment: [:], executable: "", warnings: [])
}

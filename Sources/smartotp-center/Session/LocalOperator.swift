import ArgumentParser
import Center
import CenterStore
import Glibc
import SmartOTP

/// Whoever runs commands on the centre's own machine. The audit names the login.
struct LocalOperator: ParsableArguments {
  @OptionGroup var data: DataOption

  func openStore() throws -> SQLiteStore { try data.directory.openStore() }

  var caller: Caller { Caller(.operator(Self.name), at: .now) }

  private static var name: String {
    for variable in ["SUDO_USER", "LOGNAME", "USER"] {
      guard let value = getenv(variable) else { continue }
      let name = String(cString: value)
      if (1...32).contains(name.utf8.count) { return name }
    }
    return "uid \(getuid())"
  }
}

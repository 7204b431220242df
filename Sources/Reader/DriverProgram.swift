import Glibc

/// How the driver is run.
public enum DriverProgram: Sendable {
  /// As a process of its own, from this executable, with nothing but `environment` in its
  /// environment. What products use.
  case process(path: String, environment: [String: String] = [:])
  /// As a service that systemd starts for each connection to this Unix stream socket, under a user
  /// of its own: for programs that may not start processes of another user. It ends by itself when
  /// the connection does.
  case socket(path: String)
  /// On a thread of this process, for tests and debuggers: `serve` reads requests from the first
  /// descriptor and writes messages to the second until the first closes.
  case thread(serve: @Sendable (Int32, Int32) -> Void)

  /// `smartotp-reader` beside this program, or in the private program folder of an installation.
  public static var installed: DriverProgram {
    let folder = ownFolder
    let candidates = [
      "\(folder)/smartotp-reader", "\(folder)/../libexec/smartotp/smartotp-reader",
    ]
    let path: String = candidates.first { access($0, X_OK) == 0 } ?? candidates[0]
    return .process(path: path, environment: inheritedEnvironment)
  }

  /// What a simulated USB reader needs: the preloaded library and its testbed. They are passed on
  /// only on demand, by SMARTOTP_DRIVER_ENVIRONMENT=inherit. Whoever can set that can preload a
  /// library into this program as well, so nothing is lost by it.
  private static var inheritedEnvironment: [String: String] {
    guard value(of: "SMARTOTP_DRIVER_ENVIRONMENT") == "inherit" else { return [:] }
    var environment: [String: String] = [:]
    for name in ["LD_PRELOAD", "UMOCKDEV_DIR"] { environment[name] = value(of: name) }
    return environment
  }

  private static func value(of name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  private static var ownFolder: String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
      guard let base = buffer.baseAddress else { return "." }
      let count = readlink("/proc/self/exe", base, buffer.count)
      guard count > 0 else { return "." }
      let path = String(
        decoding: UnsafeRawBufferPointer(start: base, count: count), as: UTF8.self)
      return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }
  }
}

import Glibc
import ReaderUSB

/// The machine as the checks see it. Everything they know of it comes through here, so that a test
/// can put a machine with any fault in its place.
public struct SystemRoot: Sendable {
  public var files: FileTree
  public var environment: [String: String]
  public var credentials: Credentials
  public var commands: any CommandRunner
  public var serialPorts: any SerialListener
  /// This process, which does not count among those that hold a reader.
  public var ownProcess: Int32
  /// Unix seconds.
  public var now: Int
  /// The program that drives the reader.
  public var readerProgram: String

  public init(
    files: FileTree, environment: [String: String], credentials: Credentials,
    commands: any CommandRunner, serialPorts: any SerialListener, ownProcess: Int32, now: Int,
    readerProgram: String
  ) {
    self.files = files
    self.environment = environment
    self.credentials = credentials
    self.commands = commands
    self.serialPorts = serialPorts
    self.ownProcess = ownProcess
    self.now = now
    self.readerProgram = readerProgram
  }

  /// This machine.
  ///
  /// - Parameter readerProgram: where the reader's driver program is expected.
  public static func current(readerProgram: String) -> SystemRoot {
    SystemRoot(
      files: .system, environment: ownEnvironment(), credentials: .current(),
      commands: SystemCommands(), serialPorts: SystemSerialPorts(), ownProcess: getpid(),
      now: time(nil), readerProgram: readerProgram)
  }

  /// The variables that say something about readers or where this runs.
  private static func ownEnvironment() -> [String: String] {
    let names = LibNFCConfiguration.variables + ["SMARTOTP_READER", "container"]
    return names.reduce(into: [:]) { variables, name in
      if let value = getenv(name) { variables[name] = String(cString: value) }
    }
  }

  /// The libnfc that our reader process has mapped; nil when there is none.
  func loadedLibNFC() -> String? {
    for process in ProcessTable(files: files).named("smartotp-reader") {
      guard parent(of: process.id) == ownProcess,
        let maps = files.text("/proc/\(process.id)/maps", limit: 1 << 20)
      else { continue }
      for line in maps.split(separator: "\n") where line.contains("/libnfc.so") {
        if let start = line.firstIndex(of: "/") { return String(line[start...]) }
      }
    }
    return nil
  }

  private func parent(of process: Int32) -> Int32? {
    // After the name in parentheses: state, then the parent.
    files.text("/proc/\(process)/stat")?.split(separator: ")").last?
      .split(separator: " ").dropFirst().first.flatMap { Int32($0) }
  }
}

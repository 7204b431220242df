import DeviceIdentity
import ReaderUSB

/// Whether this machine may make codes: who it is, who else can read its keys, whether it may use the
/// reader, and whether the system is new enough (S11, S13).
///
/// Every check looks at files and opens nothing but the state, so all of them together are quick, and
/// are run again when the state directory changes or the configuration is read again.
/// `InstallationCheck` is the slow one, and apart.
public struct PermissionChecks: Sendable {
  public var files: FileTree
  public var hardware: Hardware
  /// The state directory's path, below the root of `files`.
  public var state: String
  /// Of this process.
  public var credentials: Credentials
  public var reader: ReaderAccess
  public var versions: PlatformVersions

  public init(
    state: String, reader: ReaderAccess, files: FileTree = .system,
    hardware: Hardware = Hardware(), credentials: Credentials = .current(),
    versions: PlatformVersions? = nil
  ) {
    self.state = state
    self.reader = reader
    self.files = files
    self.hardware = hardware
    self.credentials = credentials
    self.versions = versions ?? .installed(files: files)
  }

  public func run() -> PermissionReport {
    let system = SystemView(files: files, credentials: credentials)
    return .joined([
      PlatformCheck.report(versions),
      StateCheck.report(of: state, hardware: hardware, on: system),
      ReaderCheck.report(of: reader, on: system),
    ])
  }
}

/// How the appliance comes to its reader.
public enum ReaderAccess: Hashable, Sendable {
  /// Through the reader process that systemd starts, as the user `smartotp-reader`.
  /// - Parameter reader: `auto`, a connstring, or `usb:PORT`.
  case socket(String, reader: String)
  /// Through a reader process of its own, as its own user.
  /// - Parameter except: nodes that are something else, such as a serial display's.
  case ownProcess(reader: String, except: Set<String>)
}

/// The file system with its users, and who asks.
struct SystemView {
  let files: FileTree
  let credentials: Credentials
  let users: UserDatabase

  init(files: FileTree, credentials: Credentials) {
    self.files = files
    self.credentials = credentials
    users = UserDatabase(files: files)
  }

  /// `/dev/ttyUSB0 is rw-rw---- root:dialout`.
  func description(of path: String, _ status: FileStatus) -> String {
    "\(DisplayText.safe(path)) is \(status.modeText)"
      + " \(users.name(of: status.user)):\(users.groupName(status.group))"
  }
}

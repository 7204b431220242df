/// Why the branch API cannot be served.
public enum BranchServerError: Error, Hashable, Sendable {
  case tokenUnusable
  case portOutOfRange(Int)
  /// The folder of the socket file is not there.
  case folderMissing(String)
  /// There is something else where the socket file belongs.
  case notASocket(String)
  /// Another process listens there.
  case inUse(String)
  case pathTooLong(String)
  /// The descriptor that was handed over is no Unix socket that listens.
  case descriptorUnusable(Int32)
  /// A system call failed: on what, and its error number.
  case system(String, Int32)
}

extension BranchServerError: CustomStringConvertible {
  /// What failed, why, what to do; one line.
  public var description: String {
    switch self {
    case .tokenUnusable:
      "the branch token is not \(BranchServerConfiguration.Loopback.minimumTokenByteCount) or more visible ASCII characters; make one with: openssl rand -hex 16"
    case .portOutOfRange(let port): "\(port) is no port; use 1 to 65535"
    case .folderMissing(let folder): "the folder of the branch socket, \(folder), is not there"
    case .notASocket(let path):
      "\(path) is not a socket and stays as it is; remove it, or choose another path"
    case .inUse(let place): "another process serves at \(place); stop it, or choose another place"
    case .pathTooLong(let path): "\(path) is too long for a socket's path; it has at most 107 bytes"
    case .descriptorUnusable(let descriptor):
      "descriptor \(descriptor) is not a Unix socket that listens; check the socket unit"
    case .system(let place, let code): "\(place): \(SystemErrorText.of(code))"
    }
  }
}
